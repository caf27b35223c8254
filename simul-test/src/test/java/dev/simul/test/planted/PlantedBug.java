package dev.simul.test.planted;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.cancelSometime;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Action;
import dev.simul.CancelledError;
import dev.simul.sync.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Mistakes of the kinds that cost nights, each with a test that passes in the loop's own order. */
enum PlantedBug {
    LOST_WAKE_UP {
        @Override
        void test(boolean mended) throws Exception {
            var mailbox = new Mailbox(mended);
            var reader = spawn("reader", mailbox::read);
            var postman = spawn("postman", () -> {
                for (int i = 0; i < 3; i++) {
                    sleep(Duration.ZERO);
                }
                mailbox.post("dear reader");
            });
            postman.await();
            assertThat(reader.await()).isEqualTo("dear reader");
        }
    },

    CHECK_THEN_ACT {
        @Override
        void test(boolean mended) throws Exception {
            var shop = new TicketShop(1, mended);
            gather(
                    shop::buy, //
                    () -> {
                        sleep(Duration.ofMillis(10));
                        return shop.buy();
                    });
            assertThat(shop.sold()).isEqualTo(1);
        }
    },

    DOUBLE_RELEASE {
        @Override
        void test(boolean mended) throws Exception {
            var printer = new Printer(mended);
            gather(printer::print, printer::print, printer::print);
            assertThat(printer.mostAtOnce()).isEqualTo(1);
        }
    },

    DEADLOCK_BY_LOCK_ORDER {
        @Override
        void test(boolean mended) throws Exception {
            var rent = new Account(1, 100);
            var wages = new Account(2, 100);
            var there = spawn("there", () -> Account.transfer(rent, wages, 10, mended));
            var back = spawn("back", () -> {
                sleep(Duration.ofMillis(5));
                Account.transfer(wages, rent, 10, mended);
            });
            there.await();
            back.await();
            assertThat(rent.balance()).isEqualTo(100);
        }
    },

    LOST_ON_CANCEL {
        @Override
        void test(boolean mended) throws Exception {
            var orders = new Queue<String>();
            List<String> served = new ArrayList<>();
            for (var order : List.of("tea", "cake", "coffee")) {
                orders.put(order);
            }
            var till = new Till(orders, served, mended);
            var first = spawn("first", till::serve);
            cancelSometime(first);
            try {
                first.await();
            } catch (CancelledError e) {
                till.serve();
            }
            assertThat(served).containsExactlyInAnyOrder("tea", "cake", "coffee");
        }
    },

    THREE_SWITCHES {
        @Override
        void test(boolean mended) throws Exception {
            var pool = new Pool(3, mended);
            gather(
                    pool::take, //
                    () -> {
                        var a = pool.take();
                        var b = pool.take();
                        if (a != null) {
                            pool.give(a);
                        }
                        return b;
                    });
            for (var left = pool.take(); left != null; left = pool.take()) {}
        }
    };

    abstract void test(boolean mended) throws Exception;

    Action broken() {
        return () -> test(false);
    }

    Action mended() {
        return () -> test(true);
    }
}
