package io.plm4j.cli;

import io.plm4j.error.InputException;
import io.plm4j.nano.ContactSheet;
import io.plm4j.nano.DataFolder;
import io.plm4j.nano.Kind;
import io.plm4j.nano.Sample;
import io.plm4j.nano.World;
import io.plm4j.nano.chance.Level;
import io.plm4j.nano.chance.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `plm nano draw`: a part of a world, as files.
@Command(
    name = "draw",
    description =
        "Draw charts, scenes, words and clips with questions and answers about them, by chance.")
final class NanoDrawCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where pictures and data.jsonl go; made if it is not there.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "Show the first 24 with their questions on one sheet, as a PNG file.")
  private Optional<Path> sheet = Optional.empty();

  @Option(
      names = "--squeezed",
      description = "On the sheet, show pictures as a small model sees them: 448 by 448 pixels.")
  private boolean squeezed;

  @Option(names = "--count", paramLabel = "N", description = "How many to draw. Default: 100.")
  private long count = 100;

  @Option(names = "--first", paramLabel = "N", description = "The number of the first. Default: 0.")
  private long first;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another seed is another world. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      converter = KindName.class,
      description = {
        "Some of bar, line, pie, shapes, rows, letters, words, clips, boxes, text; and for training",
        "told, which are words as text, cell by cell, at level 3 charts in words, and places, which",
        "are charts with questions how far up or right something is. Default: all but these two."
      })
  private List<Kind> kinds = Kind.ALL;

  @Option(
      names = "--level",
      paramLabel = "N",
      split = ",",
      converter = LevelNumber.class,
      description = "How hard: some of 1, 2, 3. Default: all.")
  private List<Level> levels = List.of(Level.values());

  @Option(
      names = "--style",
      paramLabel = "STYLE",
      converter = StyleName.class,
      description = "train; or held-out: fonts, colors and layouts that train never shows.")
  private Style style = Style.TRAIN;

  @Option(
      names = "--turns",
      paramLabel = "N",
      description = "The most questions about one picture. Default: 7.")
  private int turns = 7;

  @Option(
      names = "--apart",
      paramLabel = "N",
      description = {
        "For training: at most N questions a row of data.jsonl, several rows for a picture that has",
        "more. Without the checks that plm nano questions wants."
      })
  private Optional<Integer> apart = Optional.empty();

  @Option(
      names = "--side",
      paramLabel = "N",
      description = "Write pictures squeezed to N by N pixels, as a model of one tile sees them.")
  private Optional<Integer> side = Optional.empty();

  @Option(
      names = "--cells",
      paramLabel = "N",
      description = {
        "For training: the first row about a picture says under \"seen\" what lies in each of N by N",
        "cells: which letter or shape has its middle there, else which color, of several the one that",
        "lies on the ground, or nothing. N by N are the positions that a model of one tile has for a",
        "picture."
      })
  private Optional<Integer> cells = Optional.empty();

  @Option(
      names = "--grid",
      paramLabel = "N",
      description = {
        "Letters and rows of shapes stand in a grid of N by N at level 1; at level 2 letters are",
        "from half to twice as large as there. Default: 4."
      })
  private int grid = World.Settings.USUAL_GRID;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many cores to use. Default: all.")
  private int threads = Runtime.getRuntime().availableProcessors();

  private final Context context;

  NanoDrawCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    requireSense();
    var world = new World(settings());
    try (var _ = context.interrupt().begin()) {
      sheet.ifPresent(file -> drawSheet(world, file));
      out.ifPresent(folder -> draw(world, folder));
    }
    return ExitCode.OK;
  }

  private void draw(World world, Path folder) {
    var progress = context.terminal().progress();
    DataFolder.write(
        world,
        new DataFolder.Part(first, count, threads, form()),
        folder,
        done -> {
          if (context.interrupt().requested()) {
            throw new CancellationException("interrupted");
          }
          progress.show("drawing, %,d of %,d".formatted(done, count));
        });
    progress.clear();
    context.terminal().out().printf("%s: %,d samples%n", folder, count);
  }

  private World.Settings settings() {
    return new World.Settings(seed, kinds, levels, style, turns, grid);
  }

  private DataFolder.Form form() {
    return new DataFolder.Form(number(side), number(apart), number(cells));
  }

  private static OptionalInt number(Optional<Integer> option) {
    return option.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private void requireSense() {
    if (out.isEmpty() && sheet.isEmpty()) {
      throw new InputException("Nothing to do: name a folder with --out, or a file with --sheet.");
    }
    if (squeezed && sheet.isEmpty()) {
      throw new InputException("--squeezed has no effect without --sheet.");
    }
    if (out.isEmpty() && (side.isPresent() || apart.isPresent() || cells.isPresent())) {
      throw new InputException("--side, --apart and --cells have no effect without --out.");
    }
    if (Stream.of(side, apart, cells).anyMatch(number -> number.orElse(1) < 1)
        || side.orElse(1) > 4096
        || cells.orElse(1) > 64) {
      throw new InputException(
          "--apart must be at least 1, --side from 1 to 4096, --cells from 1 to 64.");
    }
    if (grid < 1 || grid > 64) {
      throw new InputException("--grid must be from 1 to 64.");
    }
    if (count < 1 || first < 0 || turns < 1 || threads < 1) {
      throw new InputException(
          "--count, --turns and --threads must be at least 1, --first at least 0.");
    }
  }

  private void drawSheet(World world, Path file) {
    List<Sample> samples =
        LongStream.range(first, first + Math.min(count, 24)).mapToObj(world::sample).toList();
    var shape = squeezed ? ContactSheet.Shape.SQUEEZED : ContactSheet.Shape.OWN;
    try {
      DataFolder.writePng(ContactSheet.of(samples, Math.min(6, samples.size()), shape), file);
    } catch (IOException e) {
      throw new InputException("--sheet %s cannot be written: %s".formatted(file, e), e);
    }
  }

  static final class KindName implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String name) {
      return Kind.named(name)
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' is none of %s"
                      .formatted(
                          name,
                          String.join(
                              ", ", Arrays.stream(Kind.values()).map(Kind::label).toList()))));
    }
  }

  static final class LevelNumber implements ITypeConverter<Level> {
    @Override
    public Level convert(String number) {
      return Arrays.stream(Level.values())
          .filter(level -> Integer.toString(level.number()).equals(number))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + number + "' is none of 1, 2, 3"));
    }
  }

  static final class StyleName implements ITypeConverter<Style> {
    @Override
    public Style convert(String name) {
      return Arrays.stream(Style.values())
          .filter(style -> style.label().equals(name))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + name + "' is neither train nor held-out"));
    }
  }
}
