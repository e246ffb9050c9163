import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreTool;

/**
 * A MongoDB-compatible server over one file, for trying things out: {@code EmbeddedMongo PORT FILE}. It listens on the loopback
 * address only and knows no users. A write that was acknowledged survives the death of the process, not the death of the machine:
 * nothing is forced to the disk.
 */
public final class EmbeddedMongo {
  private EmbeddedMongo() {}

  /** The lowest version that current drivers accept, so that they rely on nothing which is missing here. */
  private static final class OldestAccepted implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(4, 4, 0);
    }

    @Override
    public int getWireVersion() {
      return 9;
    }
  }

  /** Replies to a write only after the store has committed it; writers that wait at the same time share one commit. */
  private static final class CommittingBackend extends H2Backend {
    private static final Set<String> WRITES =
        Set.of(
            "insert", "update", "delete", "findAndModify", "findandmodify", "aggregate", "create", "createIndexes",
            "dropIndexes", "drop", "dropDatabase", "renameCollection");

    private final Object committing = new Object();
    private final Object counting = new Object();
    private long applied;
    private long committed;

    CommittingBackend(MVStore store) {
      super(store);
    }

    @Override
    public Document handleMessage(MongoMessage message) {
      Document reply = super.handleMessage(message);
      if (WRITES.contains(message.getDocument().keySet().iterator().next())) {
        commitUpTo(nextApplied());
      }
      return reply;
    }

    private long nextApplied() {
      synchronized (counting) {
        return ++applied;
      }
    }

    private long lastApplied() {
      synchronized (counting) {
        return applied;
      }
    }

    private void commitUpTo(long write) {
      synchronized (committing) {
        if (committed < write) {
          long covered = lastApplied();
          commit();
          committed = covered;
        }
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    String file = arguments[1];
    MVStore store = open(file);
    CommittingBackend backend = new CommittingBackend(store);
    backend.version(new OldestAccepted());
    MongoServer server = new MongoServer(backend);
    server.bind("127.0.0.1", port);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    System.out.println("listening on 127.0.0.1:" + port);
  }

  /** Gives back the space of what was overwritten, then opens. A compaction that was cut short is finished or undone first. */
  private static MVStore open(String file) {
    MVStoreTool.compactCleanUp(file);
    if (Files.exists(Path.of(file))) {
      MVStoreTool.compact(file, true);
    }
    MVStore store = new MVStore.Builder().fileName(file).pageSplitSize(4096).compress().open();
    store.setRetentionTime(5000);
    store.setVersionsToKeep(0);
    return store;
  }
}
