#pragma once

namespace semascope::app {

/// Opens the main window with the files of the command line and runs until it is closed; returns the exit status.
int runWindow(int argc, char** argv);

/// Platform, surface format and shared GL contexts; before any QApplication is made.
void prepareGraphics();

} // namespace semascope::app
