package io.plm4j.nano;

import io.plm4j.error.InputException;
import io.plm4j.media.Bicubic;
import io.plm4j.media.Image;
import io.plm4j.nano.chance.Dice;
import io.plm4j.nano.look.Media;
import io.plm4j.nano.talk.Exhibit;
import io.plm4j.nano.talk.Turn;
import java.awt.image.BufferedImage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import tools.jackson.databind.json.JsonMapper;

/// A folder with a part of a world: pictures as PNG files, clips as folders of them, and
/// `data.jsonl` with the conversations.
public final class DataFolder {
  /// The file with the conversations.
  public static final String ROWS = "data.jsonl";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /// Thousands of files in one folder are slow to list.
  private static final int IN_A_FOLDER = 1000;

  /// PNG is lossless; this is only how hard the writer tries to make it small.
  private static final float EFFORT = 0.7f;

  private DataFolder() {}

  /// Which part of a world is written, and how.
  ///
  /// @param first number of the first sample
  public record Part(long first, long count, int threads, Form form) {}

  /// How samples are written.
  ///
  /// @param side pictures and frames are squeezed to so many pixels across and down, as a model of
  ///   one tile would do with them each time that it sees them
  /// @param apart each row has at most so many questions, and a picture with more has several rows:
  ///   who has answered a question about a picture can answer the next ones from its own words.
  ///   Such rows have no checks, as only whole ones are judged.
  /// @param cells the first row about a picture says under `seen` what lies in so many cells across
  ///   and down, see [Sightings]; in all of them it would drown the answers
  public record Form(OptionalInt side, OptionalInt apart, OptionalInt cells) {
    /// As they were drawn.
    public static final Form WHOLE =
        new Form(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /// The conversations of a sample's rows.
    private List<List<Turn>> parts(List<Turn> turns) {
      int most = apart.orElse(turns.size());
      return IntStream.range(0, (turns.size() + most - 1) / most)
          .mapToObj(i -> turns.subList(i * most, Math.min(turns.size(), (i + 1) * most)))
          .toList();
    }
  }

  /// Draws a part of a world into a folder, which is made if it is not there.
  ///
  /// @param progress told how many are done
  /// @throws InputException if something cannot be written
  public static void write(World world, Part part, Path folder, LongConsumer progress) {
    try {
      Files.createDirectories(folder);
      var file = folder.resolve(ROWS + ".part");
      try (var out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
          var threads = Executors.newFixedThreadPool(part.threads())) {
        var waiting = new ArrayDeque<Future<String>>();
        for (long i = 0; i < part.count(); i++) {
          long number = part.first() + i;
          waiting.add(threads.submit(() -> lines(world.sample(number), part.form(), folder)));
          // Few enough to hold in memory, enough to keep the threads busy.
          if (waiting.size() >= 16 * part.threads()) {
            take(waiting.remove(), out);
            progress.accept(i + 1 - waiting.size());
          }
        }
        while (!waiting.isEmpty()) {
          take(waiting.remove(), out);
        }
        progress.accept(part.count());
      }
      Files.move(file, folder.resolve(ROWS), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UncheckedIOException e) {
      throw new InputException("%s cannot be written: %s".formatted(folder, e), e);
    }
  }

  private static void take(Future<String> lines, BufferedWriter out) throws IOException {
    try {
      out.write(lines.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /// Writes what there is to see and gives the lines of the conversations about it.
  private static String lines(Sample sample, Form form, Path folder) throws IOException {
    long shelf = sample.number() / IN_A_FOLDER;
    var name =
        switch (sample.exhibit().media()) {
          case Media.Still still -> {
            var place = "images/%04d/%07d.png".formatted(shelf, sample.number());
            write(still.picture(), form, folder.resolve(place));
            yield place;
          }
          case Media.Clip clip -> {
            var place = "clips/%04d/%07d".formatted(shelf, sample.number());
            for (int i = 0; i < clip.frames().size(); i++) {
              var frame = String.format(Locale.ROOT, "%03d.png", i);
              write(clip.frames().get(i), form, folder.resolve(place).resolve(frame));
            }
            yield place;
          }
          case Media.Nothing _ -> "";
        };
    var lines = new StringBuilder();
    int number = 0;
    for (var turns : form.parts(sample.exhibit().turns())) {
      var exhibit = new Exhibit(sample.exhibit().media(), turns);
      var row = Rows.row(new Sample(sample.number(), sample.kind(), sample.level(), exhibit), name);
      if (form.apart().isPresent()) {
        row.remove("checks");
      }
      if (number == 0
          && form.cells().isPresent()
          && sample.exhibit().media() instanceof Media.Still still) {
        // Dice of its own: what is drawn does not depend on what is said of it.
        var dice = Dice.of(0, sample.number());
        row.put("seen", new Sightings(still, form.cells().getAsInt()).of(dice));
      }
      number++;
      lines.append(MAPPER.writeValueAsString(row)).append('\n');
    }
    return lines.toString();
  }

  private static void write(BufferedImage picture, Form form, Path file) throws IOException {
    if (form.side().isEmpty()) {
      writePng(picture, file);
      return;
    }
    Files.createDirectories(file.getParent());
    int side = form.side().getAsInt();
    Bicubic.TORCHVISION_BYTES.resize(Image.of(picture), side, side).writePng(file);
  }

  /// Writes a picture; the folder is made.
  public static void writePng(BufferedImage picture, Path file) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.deleteIfExists(file);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    try (var out = new FileImageOutputStream(file.toFile())) {
      var param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(EFFORT);
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
