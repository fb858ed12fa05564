package io.plm4j.media.codec;

final class TiffDecoder {
  private final FileBytes file;

  TiffDecoder(FileBytes file, SizeCheck size) {
    this.file = file;
  }

  Picture decode() {
    throw file.unsupported("nothing yet");
  }
}
