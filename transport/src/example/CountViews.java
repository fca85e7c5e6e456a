import io.quipu.transport.client.QuipuClient;

public class CountViews {
    public static void main(String[] args) {
        try (QuipuClient client = QuipuClient.connect(args.length > 0 ? args[0] : "localhost:7400")) {
            long views = client.add("page:/home", 1);
            System.out.println("page:/home was viewed " + views + " times");
        }
    }
}
