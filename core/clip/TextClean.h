#pragma once
#include <string>
#include <string_view>

namespace semascope::core {

/// What ftfy.fix_text does to a text, except for the repair of text decoded in the wrong encoding: references, C1
/// controls, ligatures, widths, quotes, line breaks, terminal escapes, controls, form C; repeated until nothing
/// changes.
std::u32string fixText(std::u32string_view text);

/// The text that OpenAI's and OpenCLIP's tokenizers split: fixed, unescaped twice, single blanks, lower case.
std::u32string cleanAsOpenAi(std::u32string_view text);

/// The text that the tokenizer of Hugging Face splits: form C, single blanks, lower case.
std::u32string cleanAsHuggingFace(std::u32string_view text);

} // namespace semascope::core
