import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.tools.Server;

/**
 * The database of the contestants that have no Redis: H2 in memory, served by the producer's process, so that its work is
 * not counted as the worker's. PostgreSQL with a disk under it is slower.
 */
final class Database {
    private static final Path ADDRESS = Path.of(System.getenv("JOBS_DONE") + ".database");

    private Database() {}

    static HikariDataSource serve(String... tables) throws Exception {
        var server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        var source = source("jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:jobs;DB_CLOSE_DELAY=-1");
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            for (var table : tables) statement.execute(table);
        }
        var unfinished = Files.writeString(ADDRESS.resolveSibling("database"), source.getJdbcUrl());
        Files.move(unfinished, ADDRESS);
        return source;
    }

    /** The same, once it is there. */
    static HikariDataSource connect() throws Exception {
        while (!Files.exists(ADDRESS)) Thread.sleep(20);
        return source(Files.readString(ADDRESS));
    }

    private static HikariDataSource source(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(20);
        return new HikariDataSource(config);
    }
}
