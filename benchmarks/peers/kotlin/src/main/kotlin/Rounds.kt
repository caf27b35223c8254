// The Kotlin side of the benchmarks: kotlinx.coroutines on one thread, and sequences. It speaks as rounds.py does.

import kotlinx.coroutines.*

inline fun per(operations: Int, work: () -> Unit): Double {
    val start = System.nanoTime()
    work()
    return (System.nanoTime() - start) / operations.toDouble()
}

suspend fun switches(tasks: Int = 1_000, turns: Int = 50) = per(tasks * turns) {
    coroutineScope { repeat(tasks) { launch { repeat(turns) { yield() } } } }
}

suspend fun spawn(tasks: Int = 20_000) = per(tasks) {
    coroutineScope { repeat(tasks) { async { 1 }.await() } }
}

suspend fun gather(tasks: Int = 10_000) = per(tasks) {
    coroutineScope { List(tasks) { async { 1 } }.awaitAll() }
}

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

suspend fun round(args: Array<String>) = when (args[0]) {
    "switch" -> switches()
    "spawn" -> spawn()
    "gather" -> gather()
    "memory" -> memory(args[1].toInt())
    "generator-next" -> generatorNext()
    "generator-foreach" -> generatorForEach()
    else -> error("no such row: ${args[0]}")
}

fun main(args: Array<String>) {
    generateSequence(::readLine).forEach { _ -> println(runBlocking { round(args) }) }
}
