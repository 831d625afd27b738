#pragma once

namespace semascope::ui {

/// Makes the files compiled into the program (":/fonts/...") visible to Qt. Needed because they live in a static
/// library; may be called any number of times, from any thread.
void initResources();

} // namespace semascope::ui
