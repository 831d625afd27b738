#include "widgets/panels/JobStatus.h"
#include "widgets/panels/JobsPanel.h"
#include "widgets/panels/Numbers.h"

#include <QAbstractButton>
#include <QSignalSpy>
#include <QtTest>

#include <limits>

using namespace semascope::ui;
using State = JobView::State;

namespace {

JobView job(quint64 id, State state)
{
    JobView view;
    view.id = id;
    view.title = QStringLiteral("job %1").arg(id);
    view.state = state;
    return view;
}

QString plain(QString text)
{
    return text.replace(QChar(0x202f), QLatin1Char(' '))
        .replace(QChar(0x2212), QLatin1Char('-'))
        .replace(QChar(0x2013), QLatin1Char('~'))
        .replace(QChar(0xb7), QLatin1Char('.'));
}

} // namespace

class TestJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rates()
    {
        const QString unit = QStringLiteral("pictures");
        QCOMPARE(rateText(34.2, unit), QStringLiteral("34 pictures/s"));
        QCOMPARE(rateText(1.44, unit), QStringLiteral("1.4 pictures/s"));
        QCOMPARE(rateText(0.02, unit), QStringLiteral("0.02 pictures/s"));
        QCOMPARE(plain(rateText(12345, unit)), QStringLiteral("12 345 pictures/s"));
        QCOMPARE(rateText(0, unit), QString());
        QCOMPARE(rateText(std::numeric_limits<double>::infinity(), unit), QString());
    }

    void timesLeft()
    {
        QCOMPARE(timeLeftText(-1), QString());
        QCOMPARE(timeLeftText(0.2), QStringLiteral("1 s left"));
        QCOMPARE(timeLeftText(59), QStringLiteral("59 s left"));
        QCOMPARE(timeLeftText(118), QStringLiteral("2 min left"));
        QCOMPARE(timeLeftText(3600), QStringLiteral("1 h left"));
        QCOMPARE(timeLeftText(3900), QStringLiteral("1 h 5 min left"));
        QCOMPARE(timeLeftText(std::numeric_limits<double>::quiet_NaN()), QString());
    }

    void scores()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(cosineText(0.2841), QStringLiteral(".284"));
        QCOMPARE(plain(cosineText(-0.012)), QStringLiteral("-.012"));
        QCOMPARE(cosineText(-0.0001), QStringLiteral(".000"));
        QCOMPARE(cosineText(1), QStringLiteral("1.00"));
        QCOMPARE(cosineText(0.9996), QStringLiteral("1.00"));
        QCOMPARE(plain(cosineText(std::numeric_limits<double>::quiet_NaN())), QStringLiteral("~"));
        QCOMPARE(contrastText(0.041), QStringLiteral("+.041"));
        QCOMPARE(percentileText(96.6), QStringLiteral("p97"));
        QCOMPARE(plain(countText(300000)), QStringLiteral("300 000"));
        QCOMPARE(countText(9999), QStringLiteral("9999"));
        QLocale::setDefault(before);
    }

    void stages()
    {
        JobView j = job(1, State::Running);
        QCOMPARE(jobStageText(j), QStringLiteral("running"));
        j.stage = QStringLiteral("decoding");
        j.unit = QStringLiteral("pictures");
        j.done = 120;
        j.total = 500;
        j.perSecond = 34;
        j.secondsLeft = 11.2;
        QCOMPARE(plain(jobStageText(j)), QStringLiteral("decoding . 120 of 500 pictures"));
        QCOMPARE(plain(jobPaceText(j)), QStringLiteral("34 pictures/s . 12 s left"));
        QCOMPARE(jobPermille(j), 240);
        j.total = 0;
        QCOMPARE(jobPermille(j), -1);
        j.state = State::Failed;
        j.message = QStringLiteral("disk full");
        QCOMPARE(jobStageText(j), QStringLiteral("failed: disk full"));
        QCOMPARE(jobPaceText(j), QString());
    }

    void listKeepsActiveAndForgetsOldFinished()
    {
        JobList list;
        list.update(job(1, State::Running));
        for (quint64 id = 2; id < 200; ++id) {
            list.update(job(id, State::Done));
        }
        QCOMPARE(list.jobs().size(), JobList::kFinished + 1);
        QCOMPARE(list.front()->id, quint64(1));
        list.update(job(1, State::Done));
        QVERIFY(!list.front());
        list.clearFinished();
        QVERIFY(list.jobs().empty());
    }

    void panelCancelsTheRightJob()
    {
        JobsPanel panel;
        QSignalSpy cancelled(&panel, &JobsPanel::cancelWanted);
        panel.updateJob(job(7, State::Running));
        panel.updateJob(job(8, State::Waiting));
        const auto rows = panel.findChildren<JobRow*>();
        QCOMPARE(rows.size(), 2);
        auto* button = rows[1]->findChild<QAbstractButton*>(QStringLiteral("jobCancel"));
        button->click();
        QCOMPARE(cancelled.value(0).value(0).toULongLong(), 8ull);
        QVERIFY(!button->isEnabled());
        panel.updateJob(job(8, State::Cancelled));
        QVERIFY(button->isHidden());
    }

    void statusShowsTheRunningJobOnly()
    {
        QWidget window;
        JobStatus status(&window);
        QVERIFY(status.isHidden());
        QSignalSpy cancelled(&status, &JobStatus::cancelWanted);
        status.updateJob(job(1, State::Waiting));
        status.updateJob(job(2, State::Running));
        QVERIFY(!status.isHidden());
        status.findChild<QAbstractButton*>(QStringLiteral("jobStatusCancel"))->click();
        QCOMPARE(cancelled.value(0).value(0).toULongLong(), 2ull);
        status.updateJob(job(2, State::Cancelled));
        status.updateJob(job(1, State::Done));
        QVERIFY(status.isHidden());
    }
};

QTEST_MAIN(TestJobs)
#include "TestJobs.moc"
