package io.plm4j.hub;

import java.net.URI;

/// What became of an upload.
///
/// @param page where the model can be looked at
/// @param filesSent files that the Hub had not, or had otherwise
/// @param filesKept files that it had
/// @param bytesSent of large files; the Hub may have had some of their content from elsewhere
public record Published(URI page, int filesSent, int filesKept, long bytesSent) {}
