"""Lets workers of rq end at once: importing it is enough.

A worker that ends unsubscribes from its channel of commands and then stops the thread that listens there, which has by then
often begun to wait again; that costs a second. Here the thread is stopped first.
"""

from redis.client import PubSub

listen, unsubscribe = PubSub.run_in_thread, PubSub.unsubscribe


def remember(pubsub, *args, **options):
    pubsub.listener = listen(pubsub, *args, **options)
    return pubsub.listener


def stop_first(pubsub, *channels):
    if hasattr(pubsub, "listener"):
        pubsub.listener.stop()
    return unsubscribe(pubsub, *channels)


PubSub.run_in_thread, PubSub.unsubscribe = remember, stop_first
