package io.plm4j.hub;

/// A file as the Hub has it.
///
/// @param tag names its content in the cache: the SHA-256 of a large file, Git's SHA-1 of a small
///   one
record RemoteFile(String name, long size, String tag) {}
