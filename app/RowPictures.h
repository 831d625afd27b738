#pragma once
#include "core/data/Dataset.h"

#include <QImage>

#include <functional>

namespace semascope::app {

/// A row of d numbers as a picture: d a square (grey), or three times a square (planes of red, green, blue). Null for
/// another d.
QImage pictureOf(const std::vector<float>& row, float lo, float hi);
/// Draws rows of a dataset of vectors, where they look like pixels: an image of a sample. Empty where they do not.
std::function<QImage(std::uint32_t)> rowPictures(std::shared_ptr<const core::Dataset> data);
/// Whether rows look like pixels: their number is a (three times a) square and none is negative.
bool looksLikePixels(const core::Matrix& x);

} // namespace semascope::app
