package io.plm4j;

import io.plm4j.cache.CacheFolder;
import io.plm4j.cache.CacheKey;
import io.plm4j.error.InputException;
import io.plm4j.generate.Batch;
import io.plm4j.generate.Generation;
import io.plm4j.generate.GenerationDefaults;
import io.plm4j.generate.Listener;
import io.plm4j.generate.Memory;
import io.plm4j.generate.Pace;
import io.plm4j.generate.Session;
import io.plm4j.hub.DownloadListener;
import io.plm4j.hub.Hub;
import io.plm4j.hub.HubSettings;
import io.plm4j.hub.ShippedModel;
import io.plm4j.media.Image;
import io.plm4j.media.ImageSettings;
import io.plm4j.media.Tiles;
import io.plm4j.media.VideoSettings;
import io.plm4j.media.video.Video;
import io.plm4j.model.Pixels;
import io.plm4j.model.PlmConfig;
import io.plm4j.model.QuantizedTensors;
import io.plm4j.model.WatchedInputs;
import io.plm4j.tensor.DType;
import io.plm4j.text.MediaSpan;
import io.plm4j.text.MediaTokens;
import io.plm4j.text.Prompt;
import io.plm4j.text.Tokenizer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A Perception Language Model that is ready to answer questions about pictures.
///
/// ```java
/// try (var plm = Plm.load(Path.of("Perception-LM-1B"))) {
///   var answer = plm.ask("What is the cat about to do?", Image.read(Path.of("cat.jpg")));
///   System.out.println(answer.text());
/// }
/// ```
///
/// It holds the weights, mapped from the checkpoint's files, until it is closed. Questions from
/// several threads are answered one after another.
public final class Plm implements AutoCloseable {
  /// Answers that [#askAll(List)] makes at a time.
  private static final int TOGETHER = 4;

  private final LoadedModel loaded;
  private final Memory memory;
  private final Pace pace = new Pace(System::nanoTime);

  private Plm(LoadedModel loaded, Memory memory) {
    this.loaded = loaded;
    this.memory = memory;
  }

  /// Loads plm-nano, the small model that ships with plm4j: it shows what a program can do, at once
  /// and without a download, and knows charts, shapes, words and clips of its own small world.
  ///
  /// @throws InputException if the folder of the user's caches cannot be written
  public static Plm load() {
    return load(LoadOptions.DEFAULT);
  }

  /// Loads plm-nano.
  ///
  /// @throws InputException as [#load()]
  public static Plm load(LoadOptions options) {
    return load(ShippedModel.folder(System.getenv()), options);
  }

  /// Loads a checkpoint, in Hugging Face's layout or in Meta's (also where that is in the subfolder
  /// `original`), in the type in which it is stored, for all cores.
  ///
  /// @throws InputException if the folder does not hold a complete checkpoint of this model
  public static Plm load(Path folder) {
    return load(folder, LoadOptions.DEFAULT);
  }

  /// Loads a folder, or a model of the Hugging Face Hub, `owner/name` or `owner/name@revision`,
  /// which is downloaded if it is not there yet. The Hub's environment variables, such as `HF_HOME`
  /// and `HF_TOKEN`, are obeyed.
  ///
  /// @throws InputException if there is no such folder and no such model, or it is not complete
  public static Plm load(String folderOrModel) {
    return load(folderOrModel, LoadOptions.DEFAULT);
  }

  /// @throws InputException if there is no such folder and no such model, or it is not complete
  public static Plm load(String folderOrModel, LoadOptions options) {
    Supplier<Hub> hub = () -> new Hub(HubSettings.of(System.getenv()), System::nanoTime);
    return load(Hub.folder(folderOrModel, hub, DownloadListener.NONE), options);
  }

  /// @throws InputException if the folder does not hold a complete checkpoint of this model
  public static Plm load(Path folder, LoadOptions options) {
    // Before minutes are spent on anything else.
    var disk = options.caches().disk().map(CacheFolder::open);
    var loaded = LoadedModel.load(folder, options);
    try {
      return new Plm(loaded, memory(loaded, options, disk));
    } catch (RuntimeException | Error e) {
      loaded.close();
      throw e;
    }
  }

  /// Loads a model whose layers are watched, and which keeps nothing of what it saw.
  static Plm watched(Path folder, LoadOptions options, WatchedInputs inputs) {
    var loaded = LoadedModel.load(folder, options, inputs::watching);
    return new Plm(
        loaded,
        new Memory(new Memory.Bounds(0, 0), options.caches().keysAndValues(), Optional.empty()));
  }

  private static Memory memory(
      LoadedModel loaded, LoadOptions options, Optional<CacheFolder> disk) {
    var caches = options.caches();
    return new Memory(
        new Memory.Bounds(caches.featureBytes(), caches.prefixBytes()),
        caches.keysAndValues(),
        disk.map(kept ->
            new Memory.Disk(
                kept, ModelSum.of(loaded.checkpoint(), options, loaded.model().type()))));
  }

  /// Answers a question about some pictures, greedily, in at most 256 tokens.
  public Answer ask(String question, Image... images) {
    return ask(Request.of(question, images), Listener.NONE);
  }

  /// Answers a question about a video, greedily, in at most 256 tokens.
  public Answer ask(String question, Video video) {
    return ask(Request.of(question, video), Listener.NONE);
  }

  /// Answers a request.
  ///
  /// @param listener told of progress and of every piece of text as it comes; may cancel
  /// @throws InputException if the request cannot be answered: nothing has been computed then
  public Answer ask(Request request, Listener listener) {
    try (var session = newSession()) {
      return ask(request, session, listener);
    }
  }

  /// The scores of all tokens before each token of an answer that is given, as if the model had
  /// chosen it: for comparing models.
  ///
  /// @return logits, one for each token of the vocabulary, one array a token of the answer; fewer
  ///   if the listener cancels
  /// @throws InputException if the request cannot be answered
  public synchronized List<float[]> follow(Request request, int[] answer, Listener listener) {
    try (var session = newSession()) {
      return session.follow(question(request), answer, listener);
    }
  }

  /// Begins a conversation, in which a later question sees what was said and shown before and costs
  /// no more than its own words.
  public Chat chat() {
    return new Chat(this);
  }

  Session newSession() {
    return new Session(loaded.model(), loaded.language().defaults().eosIds(), memory, pace);
  }

  /// Answers a request out of a session, whose cache may hold a part of it already.
  synchronized Answer ask(Request request, Session session, Listener listener) {
    var question = question(request);
    return Answer.of(session.answer(question, listener), question.prompt().length());
  }

  /// Answers many requests, some at a time, which is faster than one after another. Every answer is
  /// the one that the request gets alone, but for the rounding of prompts that begin as an earlier
  /// one ([LoadOptions#withPrefixCacheBytes], 0 for none).
  ///
  /// @return the answers in the order of the requests
  /// @throws InputException if a request cannot be answered; the others' answers are lost then
  public List<Answer> askAll(List<Request> requests) {
    var answers = new Answer[requests.size()];
    askAll(
        requests.stream().map(request -> (Supplier<Request>) () -> request).iterator(),
        TOGETHER,
        new BatchListener() {
          @Override
          public void answered(int index, Answer answer) {
            answers[index] = answer;
          }

          @Override
          public void failed(int index, RuntimeException reason) {
            throw reason;
          }
        });
    return List.of(answers);
  }

  /// Answers many requests, some at a time. Each is asked for when its turn comes, so that its
  /// pictures are read then and not before.
  ///
  /// @param together how many answers are made at a time, 1 to [Batch#WIDEST]; each needs memory
  ///   for its keys and values
  /// @param listener told of every answer as it is complete, in any order
  public synchronized void askAll(
      Iterator<? extends Supplier<Request>> requests, int together, BatchListener listener) {
    var batch =
        new Batch(loaded.model(), loaded.language().defaults().eosIds(), memory, pace, together);
    var index = new AtomicInteger();
    batch.run(() ->
        requests.hasNext() && !listener.cancelled()
            ? Optional.of(new RequestJob(index.getAndIncrement(), requests.next(), listener))
            : Optional.empty());
  }

  /// A request of a batch. Its prompt's length is known once it is prepared.
  private final class RequestJob implements Batch.Job {
    private final int index;
    private final Supplier<Request> request;
    private final BatchListener batch;
    private int promptTokens;

    RequestJob(int index, Supplier<Request> request, BatchListener batch) {
      this.index = index;
      this.request = request;
      this.batch = batch;
    }

    @Override
    public Session.Question question() {
      var question = Plm.this.question(request.get());
      promptTokens = question.prompt().length();
      return question;
    }

    @Override
    public Listener listener() {
      return new Listener() {
        @Override
        public boolean cancelled() {
          return batch.cancelled();
        }
      };
    }

    @Override
    public void answered(Generation generation) {
      batch.answered(index, Answer.of(generation, promptTokens));
    }

    @Override
    public void failed(RuntimeException reason) {
      batch.failed(index, reason);
    }
  }

  private Session.Question question(Request request) {
    var prompt = prompt(request);
    var media =
        prompt.spans().stream()
            .map(span ->
                switch (span.kind()) {
                  case IMAGE -> shown(span, request.images().get(span.index()), request);
                  case VIDEO -> shown(span, request.videos().get(span.index()));
                })
            .toList();
    return new Session.Question(
        prompt, media, loaded.language().tokenizer().stream(), request.options());
  }

  private Session.Media shown(MediaSpan span, Image image, Request request) {
    var settings = settings(request);
    return new Session.Media(
        span, identity(List.of(image), settings), () -> pixels(settings.tiles(image)));
  }

  private Session.Media shown(MediaSpan span, Video video) {
    var settings = loaded.media().video();
    return new Session.Media(
        span, identity(video.images(), settings), () -> pixels(settings.tiles(video.images())));
  }

  /// Stands for pictures or frames and how they are cut: all that the pixels depend on.
  private static String identity(List<Image> images, Record settings) {
    var causes = new ArrayList<String>();
    // A record's text names all that it holds, its type too.
    causes.add(settings.toString());
    images.forEach(image -> causes.add(image.fingerprint()));
    return CacheKey.of("pixels", causes.toArray(String[]::new)).hex();
  }

  private ImageSettings settings(Request request) {
    return request.imageSettings().orElse(loaded.media().image());
  }

  /// The tokens of a request as the model would read them, without running it.
  public Prompt prompt(Request request) {
    var settings = settings(request);
    int perTile = loaded.model().config().tokensPerTile();
    var images =
        request.images().stream()
            .map(image -> settings.tileCount(image.width(), image.height()) * perTile)
            .toList();
    if (!request.videos().isEmpty()) {
      loaded.requireFrameSize();
    }
    var videos = request.videos().stream().map(video -> video.frames().size() * perTile).toList();
    return loaded
        .language()
        .renderer()
        .prompt(request.conversation(), new MediaTokens(images, videos), request.specialTokens());
  }

  private static Pixels pixels(Tiles tiles) {
    return new Pixels() {
      @Override
      public int count() {
        return tiles.count();
      }

      @Override
      public void write(int from, int to, FloatBuffer out) {
        tiles.writeNormalized(from, to, out);
      }
    };
  }

  /// How this checkpoint's pictures are cut, for requests that want it otherwise.
  public ImageSettings imageSettings() {
    return loaded.media().image();
  }

  /// How this checkpoint's frames are resized and become numbers.
  public VideoSettings videoSettings() {
    return loaded.media().video();
  }

  public PlmConfig config() {
    return loaded.model().config();
  }

  public Tokenizer tokenizer() {
    return loaded.language().tokenizer();
  }

  /// What the checkpoint says of sampling where a request does not.
  public GenerationDefaults generationDefaults() {
    return loaded.language().defaults();
  }

  /// What the files say that speaks against using them together, such as an adapter's that was made
  /// for another model: sentences for people.
  public List<String> warnings() {
    return loaded.warnings();
  }

  /// Whether the model's files hold weights in few bits.
  public boolean hasQuantizedFiles() {
    return QuantizedTensors.areIn(loaded.checkpoint());
  }

  /// Type of the dense weights in memory and of the computation.
  public DType type() {
    return loaded.model().type();
  }

  @Override
  public synchronized void close() {
    memory.close();
    loaded.close();
  }
}
