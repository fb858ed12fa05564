package io.plm4j.hub;

import java.util.List;
import java.util.Map;

/// What a repository holds at one commit.
///
/// @param known what the Hub told of each file; files of which it told nothing are only in `names`
record Listing(String commit, List<String> names, Map<String, RemoteFile> known) {
  Listing {
    names = List.copyOf(names);
    known = Map.copyOf(known);
  }
}
