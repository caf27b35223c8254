package dev.simul.test.planted;

import static dev.simul.Async.sleep;

import dev.simul.sync.Lock;
import java.time.Duration;

/** A deadlock by the order of locks: each of two opposite transfers holds what the other waits for. */
final class Account {

    private final Lock lock = new Lock();
    private final int number;
    private int balance;

    Account(int number, int balance) {
        this.number = number;
        this.balance = balance;
    }

    static void transfer(Account from, Account to, int amount, boolean mended) {
        boolean turned = mended && from.number > to.number;
        try (var _ = (turned ? to : from).lock.hold()) {
            sleep(Duration.ofMillis(1));
            try (var _ = (turned ? from : to).lock.hold()) {
                from.balance -= amount;
                to.balance += amount;
            }
        }
    }

    int balance() {
        return balance;
    }
}
