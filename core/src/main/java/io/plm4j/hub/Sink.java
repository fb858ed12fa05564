package io.plm4j.hub;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes the body of a successful answer as it comes.
interface Sink {
  /// For an answer whose head says it all.
  Sink NOTHING =
      new Sink() {
        @Override
        public void begin(Reply head) {}

        @Override
        public void accept(ByteBuffer bytes) {
          bytes.position(bytes.limit());
        }
      };

  /// Looks at the answer before its body; what it throws ends the request.
  void begin(Reply head) throws IOException;

  void accept(ByteBuffer bytes) throws IOException;
}
