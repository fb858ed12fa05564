package io.plm4j.nano.clip;

import io.plm4j.nano.look.Hue;
import io.plm4j.nano.look.Outline;
import java.awt.Color;
import java.awt.Shape;
import java.util.Optional;

/// A shape that does something.
///
/// @param x where it is when it does not move, as a part of the width
/// @param y where it is when it does not move, as a part of the height
/// @param radius as a part of the shorter side
/// @param phase where it begins a way that has no end
record Actor(
    Outline outline,
    Hue.Named color,
    double x,
    double y,
    double radius,
    double phase,
    Action action) {
  /// How it looks at a time.
  record Pose(Shape shape, Color color) {}

  /// Such as `red circle`.
  String name() {
    return color.label() + " " + outline.label();
  }

  String verb() {
    return action.verb(color);
  }

  /// @param time from 0 to 1
  Optional<Pose> at(double time, int width, int height) {
    double side = Math.min(width, height);
    double marginX = radius * side / width + 0.02;
    double marginY = radius * side / height + 0.02;
    return switch (action) {
      case Action.Moves(var heading) ->
          pose(
              along(heading.dx(), x, marginX, time),
              along(heading.dy(), y, marginY, time),
              1,
              0,
              width,
              height);
      case Action.Crosses(var heading) ->
          pose(
              along(heading.dx(), x, -marginX, time),
              along(heading.dy(), y, -marginY, time),
              1,
              0,
              width,
              height);
      case Action.ThereAndBack(var heading) -> {
        double there = 1 - Math.abs(2 * time - 1);
        yield pose(
            along(heading.dx(), x, marginX, there),
            along(heading.dy(), y, marginY, there),
            1,
            0,
            width,
            height);
      }
      case Action.Circles() -> {
        double angle = 2 * Math.PI * (time + phase);
        yield pose(
            0.5 + (0.48 - marginX) * Math.cos(angle),
            0.5 + (0.48 - marginY) * Math.sin(angle),
            1,
            0,
            width,
            height);
      }
      case Action.Bounces() ->
          pose(
              x,
              marginY + (1 - 2 * marginY) * (1 - Math.abs(Math.sin(Math.PI * (3 * time + phase)))),
              1,
              0,
              width,
              height);
      case Action.Appears(var moment) ->
          time < moment.at() ? Optional.empty() : pose(x, y, 1, 0, width, height);
      case Action.Vanishes(var moment) ->
          time < moment.at() ? pose(x, y, 1, 0, width, height) : Optional.empty();
      case Action.Recolours(var to, var moment) ->
          time < moment.at()
              ? pose(x, y, 1, 0, width, height)
              : pose(x, y, 1, 0, width, height).map(pose -> new Pose(pose.shape(), to.color()));
      case Action.Grows() -> pose(x, y, 0.35 + 0.9 * time, 0, width, height);
      case Action.Shrinks() -> pose(x, y, 1.25 - 0.9 * time, 0, width, height);
      case Action.Spins() -> pose(x, y, 1, 360 * (time + phase), width, height);
      case Action.Stays() -> pose(x, y, 1, 0, width, height);
    };
  }

  /// Between the margins if there is a direction, else at rest.
  private static double along(int direction, double rest, double margin, double time) {
    return switch (direction) {
      case 1 -> margin + (1 - 2 * margin) * time;
      case -1 -> 1 - margin - (1 - 2 * margin) * time;
      default -> rest;
    };
  }

  private Optional<Pose> pose(
      double atX, double atY, double scale, double degrees, int width, int height) {
    double pixels = radius * Math.min(width, height) * scale;
    return Optional.of(
        new Pose(outline.at(atX * width, atY * height, pixels, degrees), color.color()));
  }
}
