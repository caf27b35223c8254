// The Kotlin side of the benchmarks: kotlinx.coroutines on one thread, and sequences. It speaks as rounds.py does.

import kotlinx.coroutines.*
import kotlinx.coroutines.channels.Channel

inline fun per(operations: Int, work: () -> Unit): Double {
    val start = System.nanoTime()
    work()
    return (System.nanoTime() - start) / operations.toDouble()
}

suspend fun switches(tasks: Int = 1_000, turns: Int = 50) = per(tasks * turns) {
    coroutineScope { repeat(tasks) { launch { repeat(turns) { yield() } } } }
}

/** In a turn of ours each of the others has one too. */
suspend fun turns(tasks: Int): Double = coroutineScope {
    var over = false
    repeat(tasks) { launch { while (!over) yield() } }
    yield()
    val turns = maxOf(2, 200_000 / tasks)
    val figure = per(turns * tasks) { repeat(turns) { yield() } }
    over = true
    figure
}

suspend fun spawn(others: Int = 0, tasks: Int = 20_000): Double = coroutineScope {
    val gate = CompletableDeferred<Unit>()
    repeat(others) { launch { gate.await() } }
    yield()
    val figure = per(tasks) { coroutineScope { repeat(tasks) { async { 1 }.await() } } }
    gate.complete(Unit)
    figure
}

suspend fun gather(tasks: Int = 10_000) = per(tasks) {
    coroutineScope { List(tasks) { async { 1 } }.awaitAll() }
}

suspend fun pingPong(rounds: Int = 100_000): Double {
    val there = Channel<Int>()
    val back = Channel<Int>()
    return per(rounds) {
        coroutineScope {
            launch { repeat(rounds) { back.send(there.receive()) } }
            repeat(rounds) {
                there.send(it)
                back.receive()
            }
        }
    }
}

suspend fun channel(items: Int = 300_000): Double {
    val queue = Channel<Int>(1_000)
    return per(items) {
        coroutineScope {
            launch { repeat(items) { queue.send(it) } }
            repeat(items) { queue.receive() }
        }
    }
}

suspend fun timerFire(timers: Int = 100_000) = per(timers) {
    coroutineScope { repeat(timers) { launch(start = CoroutineStart.UNDISPATCHED) { delay(1) } } }
}

suspend fun timerCancel(timers: Int = 100_000) = per(timers) {
    coroutineScope {
        List(timers) { launch(start = CoroutineStart.UNDISPATCHED) { delay(60_000) } }.forEach { it.cancel() }
    }
}

fun loops(count: Int = 2_000) = per(count) { repeat(count) { check(runBlocking { 1 } == 1) } }

fun usedHeap(): Long {
    System.gc()
    return Runtime.getRuntime().run { totalMemory() - freeMemory() }
}

suspend fun memory(tasks: Int): Double = coroutineScope {
    val before = usedHeap()
    val parked = ArrayList<Job>(tasks)
    repeat(tasks) { parked.add(launch { suspendCancellableCoroutine<Unit> {} }) }
    yield()
    val figure = (usedHeap() - before) / parked.size.toDouble()
    println(figure)
    Runtime.getRuntime().halt(0)
    figure
}

fun numbers() = sequence { var number = 0L; while (true) yield(number++) }

fun generatorNext(items: Int = 1_000_000): Double {
    val numbers = numbers().iterator()
    var total = 0L
    return per(items) { repeat(items) { total += numbers.next() } }
        .also { check(total == items * (items - 1L) / 2) }
}

fun generatorForEach(items: Int = 1_000_000): Double {
    var total = 0L
    return per(items) { numbers().take(items).forEach { total += it } }
        .also { check(total == items * (items - 1L) / 2) }
}

fun level(depth: Int): Sequence<Long> = sequence { yieldAll(if (depth == 0) numbers() else level(depth - 1)) }

fun generatorDeep(items: Int = 300_000, levels: Int = 20): Double {
    val numbers = level(levels - 1).iterator()
    var total = 0L
    return per(items) { repeat(items) { total += numbers.next() } }
        .also { check(total == items * (items - 1L) / 2) }
}

suspend fun round(args: Array<String>) = when (args[0]) {
    "switch" -> switches()
    "turn" -> turns(args[1].toInt())
    "spawn" -> spawn()
    "spawn-among" -> spawn(args[1].toInt())
    "gather" -> gather()
    "ping-pong" -> pingPong()
    "channel" -> channel()
    "timer-fire" -> timerFire()
    "timer-cancel" -> timerCancel()
    "memory" -> memory(args[1].toInt())
    "generator-next" -> generatorNext()
    "generator-foreach" -> generatorForEach()
    "generator-deep" -> generatorDeep()
    else -> error("no such row: ${args[0]}")
}

fun main(args: Array<String>) {
    val play = if (args[0] == "loop") ({ loops() }) else ({ runBlocking { round(args) } })
    generateSequence(::readLine).forEach { _ -> println(play()) }
}
