package io.plm4j.train.config;

/// A part of the model, in the order in which a picture passes through it.
public enum Part {
  VISION,
  PROJECTOR,
  LANGUAGE
}
