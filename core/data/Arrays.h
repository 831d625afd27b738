#pragma once
#include "core/data/Matrix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace semascope::core {

enum class ElementType { Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64 };

/// An n-dimensional array from NPY, in C order (Fortran order is transposed while reading), little-endian.
struct Array
{
    ElementType type = ElementType::F32;
    std::vector<std::size_t> shape;
    const void* data = nullptr;
    std::shared_ptr<const void> owner; ///< mapped file or buffer

    std::size_t count() const noexcept;
};

/// Reads an NPY file (versions 1–3), mapped when it can be used in place. Objects and structured types are refused.
/// Every size is checked against the file before anything is allocated. Throws Error(NotFound | BadFormat |
/// Unsupported).
Array readNpy(const std::string& path);
/// The array `name` of an NPZ (or its only one when empty). Entries are inflated within a budget; overlapping,
/// encrypted or duplicate entries are refused.
Array readNpz(const std::string& path, const std::string& name = {});
/// NPY or NPZ by content.
Array readArray(const std::string& path, const std::string& name = {});

/// As float32 n×d. 1-d arrays become n×1 when `allowVector`. Throws Error(Mismatch) for other shapes.
Matrix toMatrix(const Array& a, const std::string& what, bool allowVector = false);
/// As integers, one per row; floats must be whole. Throws Error(Mismatch | BadFormat).
std::vector<std::int64_t> toLabels(const Array& a, const std::string& what);

/// Throws Error(Io) when `path`, links followed, is there and is no regular file: renaming over a device, a pipe or a
/// folder would replace it. All writers of files ask this before they write anything.
void checkReplaceable(const std::string& path);
/// Writes float32 with this shape (or 2-d from a matrix), atomically. Throws Error(Io).
void writeNpy(const std::string& path, const float* data, const std::vector<std::size_t>& shape);
void writeNpy(const std::string& path, const Matrix& m);
void writeNpy(const std::string& path, const std::vector<std::int32_t>& values);

/// Writes bytes to a temporary file beside `path`, flushes it and renames it over `path`. Throws Error(Io);
/// an old file stays intact, and what is no regular file is never replaced.
void writeFileAtomic(const std::string& path, const void* data, std::size_t size);

} // namespace semascope::core
