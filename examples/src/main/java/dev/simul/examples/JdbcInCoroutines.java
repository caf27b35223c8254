package dev.simul.examples;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.time.Duration.ofMillis;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;

/**
 * JDBC inside coroutines: one that waits for the database does not hold the loop.
 *
 * <p>An H2 server on loopback; the second sale waits, in the driver's socket, for a row that the first one has locked.
 */
public final class JdbcInCoroutines {
    private JdbcInCoroutines() {}

    public static void main(String[] args) throws Exception {
        var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        var url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:shop;LOCK_TIMEOUT=60000";
        try (var shop = DriverManager.getConnection(url)) {
            update(shop, "CREATE TABLE stock (item VARCHAR PRIMARY KEY, pieces INT)");
            update(shop, "INSERT INTO stock VALUES ('board', 10)");
            run(() -> sellTwice(url));
            System.out.println("left: " + pieces(shop));
        } finally {
            server.stop();
        }
    }

    private static void sellTwice(String url) throws Exception {
        try (var first = DriverManager.getConnection(url)) {
            first.setAutoCommit(false);
            update(first, "UPDATE stock SET pieces = pieces - 3 WHERE item = 'board'");
            System.out.println("the first sale has locked the row");

            var second = spawn(() -> sell(url, 4));
            for (int i = 1; i <= 3; i++) {
                sleep(ofMillis(10));
                System.out.println("the loop goes on, the second sale is " + (second.isDone() ? "done" : "waiting"));
            }
            first.commit();
            System.out.println("the first sale is done, and " + second.await());
        }
    }

    private static String sell(String url, int pieces) throws SQLException {
        try (var connection = DriverManager.getConnection(url)) {
            update(connection, "UPDATE stock SET pieces = pieces - " + pieces + " WHERE item = 'board'");
            return "so is the second";
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static int pieces(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT pieces FROM stock WHERE item = 'board'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
