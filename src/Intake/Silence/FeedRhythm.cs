using System.Runtime.InteropServices;

namespace Kilde.Intake.Silence;

/// <summary>What a feed has been found to be.</summary>
/// <param name="IsSilent">Nothing comes; else less than it should.</param>
/// <param name="Since">The first hour of the window, by the clock in Norway.</param>
/// <param name="Expected">Records it would have sent by now.</param>
/// <param name="Chance">How likely it is that so few came by chance.</param>
internal sealed record Suspicion(bool IsSilent, DateTime Since, double Expected, int Got, double Chance);

/// <summary>
/// A feed's own rhythm, told from its last weeks: what the same hours of days like this one have brought, on the level
/// that other feeds of the type have today. Pure (ADR 106).
/// </summary>
internal sealed class FeedRhythm
{
    /// <summary>So unlikely is a silence that is told of; and a fall, which may have more reasons.</summary>
    private const double SilentChanceMax = 1e-4;
    private const double LowChanceMax = 6e-5;

    /// <summary>Records that were to come; with fewer, chance says nothing.</summary>
    private const double SilentExpectedMin = 5;
    private const double LowExpectedMin = 20;

    private const int HistoryDaysMin = 8;
    private const int RegularDaysMin = 20;
    private const int RegularHoursMax = 3;
    private const int SilentHoursMin = 2;
    private const int LowWindowHours = 6;
    private const int RecentDays = 5;
    private const int ZeroDaysMin = 3;

    /// <summary>No feed is steadier than this: a spread of 10 % in what days bring.</summary>
    private const double DispersionMin = 0.01;

    private readonly FeedHours _feed;
    private readonly FeedLevels _levels;
    private readonly IReadOnlySet<DateOnly> _faulty;
    private readonly double[] _typical;
    private readonly int _today;

    /// <param name="faulty">Days the feed was known to be silent or low: they are no part of its rhythm.</param>
    public FeedRhythm(FeedHours feed, FeedLevels levels, IReadOnlySet<DateOnly> faulty)
    {
        (_feed, _levels, _faulty, _today) = (feed, levels, faulty, feed.Days - 1);
        _typical = levels.TypicalOf(feed, day => !faulty.Contains(feed.DateOf(day)));
    }

    /// <summary>The feed at an hour of its last day; null when all is well, or too little is known.</summary>
    /// <param name="hour">Hours of the day that have passed.</param>
    public Suspicion? Judge(int hour)
    {
        if (hour == 0) return null;
        var silentFrom = hour;
        while (silentFrom > 0 && _feed.Sum(_today, silentFrom - 1, silentFrom) == 0) silentFrom--;
        if (hour - silentFrom >= SilentHoursMin && Silence(silentFrom, hour) is { } silence) return silence;
        return Regular(hour) ?? Low(0, hour) ?? Low(Math.Max(0, hour - LowWindowHours), hour) ?? LowForDays(hour);
    }

    /// <summary>Whether as much comes again as should.</summary>
    public bool IsWell(int hour) =>
        WindowOf(0, hour) is { } window
        && window.Spread.Mean >= SilentExpectedMin
        && window.Spread.AtMost(_feed.Sum(_today, 0, hour)) > 0.01;

    private Suspicion? Silence(int from, int to)
    {
        if (WindowOf(from, to) is not { } window || window.Spread.Mean < SilentExpectedMin) return null;
        var chance = Math.Max(window.Spread.AtMost(0), window.ZeroShare);
        return chance > SilentChanceMax
            ? null
            : new Suspicion(IsSilent: true, SinceOf(from), window.Spread.Mean, 0, chance);
    }

    // One that brings little each day, and always at the same time.
    private Suspicion? Regular(int hour)
    {
        if (_feed.Total(_today) > 0 || FeedHours.GroupOf(_feed.DateOf(_today)) != DayGroup.WorkDay) return null;
        var firsts = DaysLikeToday().Select(FirstHourOf).Order().ToArray();
        if (firsts.Length < RegularDaysMin || firsts[^1] >= hour - RegularHoursMax) return null;
        if (firsts[^1] - firsts[firsts.Length / 2] > RegularHoursMax) return null;
        var expected = DaysLikeToday().Average(day => _feed.Sum(day, 0, hour)) * ScaleToday();
        return expected < 1
            ? null
            : new Suspicion(IsSilent: true, SinceOf(0), expected, 0, 1.0 / (firsts.Length + 1));
    }

    private int FirstHourOf(int day)
    {
        var hour = 0;
        while (hour < FeedHours.HoursOfDay && _feed.Sum(day, hour, hour + 1) == 0) hour++;
        return hour;
    }

    private Suspicion? Low(int from, int to)
    {
        if (WindowOf(from, to) is not { } window || window.Spread.Mean < LowExpectedMin) return null;
        var got = _feed.Sum(_today, from, to);
        var chance = window.Spread.AtMost(got);
        return chance > LowChanceMax
            ? null
            : new Suspicion(IsSilent: false, At(_today, from), window.Spread.Mean, got, chance);
    }

    // A small feed that brings half tells nothing in a day, and all the same in some days together.
    private Suspicion? LowForDays(int hour)
    {
        if (WindowOf(0, hour) is not { } window || window.Spread.Mean >= LowExpectedMin * RecentDays) return null;
        var days = DaysLikeToday().TakeLast(RecentDays).ToArray();
        if (days.Length < RecentDays || days[0] < _today - (2 * RecentDays)) return null;
        var expected = window.Spread.Mean + days.Sum(day => _typical[KindOf(day)] * _levels[day]);
        var got = _feed.Sum(_today, 0, hour) + days.Sum(_feed.Total);
        if (expected < LowExpectedMin) return null;
        var chance = new NegativeBinomial(expected, window.Spread.Dispersion).AtMost(got);
        return chance > LowChanceMax ? null : new Suspicion(IsSilent: false, At(days[0], 0), expected, got, chance);
    }

    private Window? WindowOf(int from, int to)
    {
        var scale = ScaleToday();
        if (scale <= 0) return null;
        var values = new List<double>();
        var zeros = 0;
        foreach (var day in DaysLikeToday())
        {
            var records = _feed.Sum(day, from, to);
            if (records == 0) zeros++;
            values.Add(records * scale / (_typical[KindOf(day)] * _levels[day]));
        }

        if (values.Count < HistoryDaysMin) return null;
        values.Sort();
        var mean = Middle.MeanOf(values);
        if (mean <= 0) return null;
        var spread = Middle.SpreadOf(values);
        var dispersion = Math.Max(DispersionMin, ((spread * spread) - mean) / (mean * mean));
        var zeroShare = zeros >= ZeroDaysMin ? (double)zeros / values.Count : 0;
        return new Window(new NegativeBinomial(mean, dispersion), zeroShare);
    }

    // What today would bring in all: its kind of day, the level of the others, and how the feed has been of late.
    private double ScaleToday() => _typical[KindOf(_today)] * _levels[_today] * Recent();

    private double Recent()
    {
        var ratios = DaysLikeToday().TakeLast(RecentDays)
            .Select(day => _feed.Total(day) / (_typical[KindOf(day)] * _levels[day])).Order().ToArray();
        return ratios.Length < RecentDays ? 1 : Math.Clamp(ratios[RecentDays / 2], 0.6, 1.25);
    }

    private IEnumerable<int> DaysLikeToday()
    {
        var group = FeedHours.GroupOf(_feed.DateOf(_today));
        for (var day = 0; day < _today; day++)
        {
            var date = _feed.DateOf(day);
            if (FeedHours.GroupOf(date) == group && !_faulty.Contains(date) && _levels.Counts(day)
                && _typical[KindOf(day)] > 0 && _feed.Total(day) > 0) yield return day;
        }
    }

    private int KindOf(int day) => FeedHours.KindOf(_feed.DateOf(day));

    // When nothing has come today, it has been silent since it last sent.
    private DateTime SinceOf(int hour)
    {
        var day = _today;
        if (hour > 0) return At(day, hour);
        while (day > 0 && _feed.Total(day - 1) == 0) day--;
        if (day == 0) return At(_today, 0);
        var last = FeedHours.HoursOfDay;
        while (_feed.Sum(day - 1, last - 1, last) == 0) last--;
        return At(day - 1, last);
    }

    private DateTime At(int day, int hour) =>
        _feed.DateOf(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified).AddHours(hour);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Window(NegativeBinomial Spread, double ZeroShare);
}
