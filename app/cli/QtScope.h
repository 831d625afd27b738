#pragma once
#include <QGuiApplication>

#include <memory>

namespace semascope::app {

/// A Qt without a display, for painting figures: fonts and images only. Nothing is made when a Qt application exists
/// already.
class QtScope
{
public:
    QtScope();
    ~QtScope();

private:
    int m_argc = 1;
    char m_name[10] = "semascope";
    char* m_argv[2] = {m_name, nullptr};
    std::unique_ptr<QGuiApplication> m_application;
};

/// Qt's own remarks go to the log at debug level, its warnings included: none of them is the person's business.
void logQtMessage(QtMsgType type, const QMessageLogContext& context, const QString& text);

} // namespace semascope::app
