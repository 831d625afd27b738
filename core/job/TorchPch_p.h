#pragma once
// The parts of libtorch that core uses; precompiled, because they cost seconds per file.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/version.h>
