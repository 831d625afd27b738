#include "resources/Resources.h"

#include <QtCore/qglobal.h>

// Q_INIT_RESOURCE declares a function of the global namespace, so it cannot stand inside ours.
static void registerResources()
{
    Q_INIT_RESOURCE(semascope_fonts);
    Q_INIT_RESOURCE(published);
}

namespace semascope::ui {

void initResources()
{
    [[maybe_unused]] static const bool done = (registerResources(), true);
}

} // namespace semascope::ui
