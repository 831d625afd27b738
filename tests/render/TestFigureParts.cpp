#include "Shared.h"
#include "widgets/Palette.h"
#include "widgets/figure/FigureText.h"
#include "widgets/figure/LabelPlacement.h"
#include "widgets/figure/Ticks.h"

#include <QLocale>

#include <cmath>
#include <random>
#include <set>

using namespace semascope::ui;

/// What figures are made of: colours, numbers, lines of text, places for labels.
class TestFigureParts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void categoriesAreDistinct();
    void rampsRunFromEndToEnd();
    void numbersIgnoreTheLocale();
    void ticksAreRound();
    void linesFit();
    void labelsDoNotOverlap();
    void leadersGoAroundPictures();
};

void TestFigureParts::categoriesAreDistinct()
{
    std::set<QRgb> colours;
    for (int i = 0; i < kCategoryColours; ++i) {
        colours.insert(categoryColour(i, kCategoryColours));
        QCOMPARE(qAlpha(categoryColour(i, kCategoryColours)), 255);
    }
    QCOMPARE(colours.size(), static_cast<std::size_t>(kCategoryColours));
    QVERIFY(!colours.contains(kMissingColour));
    for (int i = 0; i < 8; ++i) {
        QCOMPARE(categoryColour(i, 3), categoryColour(i, 20));
    }
    QCOMPARE(categoryColour(-1), kMissingColour);
}

void TestFigureParts::rampsRunFromEndToEnd()
{
    for (const Ramp ramp : {Ramp::Viridis, Ramp::Diverging}) {
        QCOMPARE(valueColour(ramp, -5.0, 0.0, 1.0), rampColour(ramp, 0.0));
        QCOMPARE(valueColour(ramp, 3.0, 1.0, 2.0), rampColour(ramp, 1.0));
        QCOMPARE(valueColour(ramp, 7.0, 7.0, 7.0), rampColour(ramp, 0.5));
        QCOMPARE(valueColour(ramp, std::nan(""), 0.0, 1.0), kMissingColour);
    }
    double before = -1.0;
    for (int k = 0; k <= 100; ++k) {
        const double light = QColor::fromRgb(rampColour(Ramp::Viridis, k / 100.0)).lightnessF();
        const int grey = qGray(rampColour(Ramp::Viridis, k / 100.0));
        QVERIFY2(grey >= before, "viridis must grow lighter");
        QVERIFY(light >= 0.0);
        before = grey;
    }
    QCOMPARE(contrastingText(0xffffffff), 0xff000000);
    QCOMPARE(contrastingText(0xff440154), 0xffffffff);
}

void TestFigureParts::numbersIgnoreTheLocale()
{
    const QLocale old;
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(formatNumber(0.2841, 3), QStringLiteral("0.284"));
    QCOMPARE(formatNumber(-1.5, 1), QStringLiteral("\u22121.5"));
    QCOMPARE(formatNumber(-0.0001, 2), QStringLiteral("0.00"));
    QCOMPARE(formatNumber(std::nan(""), 2), QStringLiteral("\u2013"));
    QCOMPARE(formatCount(1234567), QStringLiteral("1\u2009234\u2009567"));
    QCOMPARE(formatCount(12), QStringLiteral("12"));
    QLocale::setDefault(old);
}

void TestFigureParts::ticksAreRound()
{
    const Ticks ticks = niceTicks(-0.93, 1.07, 4);
    QCOMPARE(ticks.step, 0.5);
    QCOMPARE(ticks.values.size(), 4);
    QCOMPARE(ticks.label(ticks.values.first()), QStringLiteral("\u22120.5"));
    QCOMPARE(ticks.label(ticks.values.at(1)), QStringLiteral("0.0"));
    QVERIFY(niceTicks(1.0, 1.0, 4).values.isEmpty());
    QVERIFY(niceTicks(0.0, std::nan(""), 4).values.isEmpty());
    for (const double size : {1e-7, 3e-3, 12.0, 4.4e6}) {
        const Ticks some = niceTicks(-size, size, 5);
        QVERIFY(some.values.size() >= 3 && some.values.size() <= 12);
        std::set<QString> labels;
        for (const double value : some.values) {
            labels.insert(some.label(value));
        }
        QCOMPARE(labels.size(), static_cast<std::size_t>(some.values.size()));
    }
}

void TestFigureParts::linesFit()
{
    const TextStyle style;
    const QString text =
        QStringLiteral("a photo of a person who wears glasses and a Donaudampfschifffahrtskapit\u00e4n");
    for (const double width : {30.0, 60.0, 120.0}) {
        const QStringList lines = wrapped(text, style, width, 3);
        QVERIFY(lines.size() <= 3);
        for (const QString& line : lines) {
            QVERIFY2(textWidth(line, style) <= width + 0.01, qPrintable(line));
        }
        QVERIFY(textWidth(elided(text, style, width), style) <= width);
        QCOMPARE(wrappedEvenly(text, style, width, 30).join(QString()).remove(QLatin1Char(' ')),
                 QString(text).remove(QLatin1Char(' ')));
    }
    QVERIFY(wrapped(QString(), style, 100.0, 3).isEmpty());
}

void TestFigureParts::labelsDoNotOverlap()
{
    std::mt19937 random(3);
    std::uniform_real_distribution<double> x(0.0, 400.0);
    std::uniform_real_distribution<double> y(0.0, 300.0);
    QVector<LabelWish> wishes;
    QVector<QPointF> points;
    for (int i = 0; i < 40; ++i) {
        wishes.append({i < 10 ? QPointF(200.0, 150.0) : QPointF(x(random), y(random)), QSizeF(50.0 + i, 10.0)});
    }
    for (int i = 0; i < 3000; ++i) {
        points.append({x(random), y(random)});
    }
    const QRectF area(0.0, 0.0, 400.0, 300.0);
    const QVector<QRectF> taken{QRectF(20.0, 20.0, 60.0, 60.0)};
    const QVector<PlacedLabel> placed = placeLabels(wishes, area, taken, points);
    QCOMPARE(placed.size(), wishes.size());
    for (qsizetype i = 0; i < placed.size(); ++i) {
        QVERIFY(placed[i].placed);
        QVERIFY(area.contains(placed[i].box));
        QVERIFY(!placed[i].box.intersects(taken.first()));
        QCOMPARE(placed[i].box.size(), wishes[i].size);
        for (qsizetype j = 0; j < i; ++j) {
            QVERIFY(!placed[i].box.intersects(placed[j].box));
        }
    }
    // No room: left out, not drawn over others.
    const QVector<PlacedLabel> crowded =
        placeLabels(QVector<LabelWish>(5, {{5.0, 5.0}, {30.0, 10.0}}), QRectF(0.0, 0.0, 40.0, 25.0), {}, {});
    const auto kept = std::count_if(crowded.begin(), crowded.end(), [](const PlacedLabel& l) { return l.placed; });
    QVERIFY(kept >= 1 && kept <= 2);
}

void TestFigureParts::leadersGoAroundPictures()
{
    std::mt19937 random(5);
    std::uniform_real_distribution<double> x(0.0, 400.0);
    std::uniform_real_distribution<double> y(0.0, 300.0);
    QVector<QRectF> pictures;
    for (int i = 0; i < 30; ++i) {
        pictures.append({x(random) * 0.9, y(random) * 0.9, 24.0, 24.0});
    }
    QVector<LabelWish> wishes;
    while (wishes.size() < 12) {
        const QPointF anchor(x(random), y(random));
        if (std::none_of(pictures.begin(), pictures.end(), [&](const QRectF& p) { return p.contains(anchor); })) {
            wishes.append({anchor, QSizeF(45.0, 10.0)});
        }
    }
    const QVector<PlacedLabel> placed = placeLabels(wishes, QRectF(0.0, 0.0, 400.0, 300.0), pictures, {});
    for (const PlacedLabel& label : placed) {
        QVERIFY(label.placed);
        for (int step = 0; label.leader && step <= 50; ++step) {
            const QPointF at = QLineF(label.anchor, label.leaderEnd).pointAt(step / 50.0);
            for (const QRectF& picture : pictures) {
                QVERIFY(!picture.adjusted(0.2, 0.2, -0.2, -0.2).contains(at));
            }
        }
    }
    // Walled in: the other anchor is taken.
    const QVector<QRectF> wall{QRectF(90.0, 80.0, 60.0, 10.0), QRectF(90.0, 110.0, 60.0, 10.0),
                               QRectF(90.0, 90.0, 10.0, 20.0), QRectF(140.0, 90.0, 10.0, 20.0)};
    const QPointF outside(200.0, 150.0);
    const auto walled =
        placeLabels({{{120.0, 100.0}, {50.0, 10.0}, {outside}}}, QRectF(0.0, 0.0, 400.0, 300.0), wall, {});
    QCOMPARE(walled.first().anchor, outside);
}

QTEST_MAIN(TestFigureParts)
#include "TestFigureParts.moc"
