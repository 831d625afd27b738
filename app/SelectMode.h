#pragma once
#include "core/session/Picking.h"

#include <Qt>

namespace semascope::app {

/// What a click with these keys does to the selection: Shift adds, Ctrl takes away.
inline core::Combine combineOf(Qt::KeyboardModifiers modifiers)
{
    return modifiers.testFlag(Qt::ShiftModifier)     ? core::Combine::Add
           : modifiers.testFlag(Qt::ControlModifier) ? core::Combine::Subtract
                                                     : core::Combine::Replace;
}

} // namespace semascope::app
