using Kilde.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Kilde.Quality.Calendar;

/// <summary>A calendar file is wrong. The message names the file and the mistake.</summary>
public sealed class CalendarFileException(string message) : Exception(message);

/// <summary>Reads the calendars of a folder. A key that is not known, or a day that cannot be, is refused.</summary>
public static class CalendarFiles
{
    private const int DayMax = 28;
    private const int WorkingDayMax = 18;
    private const int MonthsAfterMax = 12;

    /// <summary>All calendars, by id. None when there is no folder.</summary>
    /// <exception cref="CalendarFileException">A file is wrong, or two calendars are default for one type.</exception>
    public static IReadOnlyList<ReportingCalendar> Load(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        ReportingCalendar[] calendars =
        [
            .. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)
                .Select(file => Read(File.ReadAllText(file), Path.GetFileName(file))),
        ];
        var twice = calendars.Where(calendar => calendar.IsDefault).SelectMany(calendar => calendar.MessageTypes)
            .GroupBy(type => type).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? calendars
            : throw new CalendarFileException($"Two calendars are default for {twice.Key}.");
    }

    internal static ReportingCalendar Read(string yaml, string file)
    {
        try
        {
            var reader = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build();
            var written = reader.Deserialize<CalendarYaml>(yaml) ?? throw Mistake(file, "it is empty");
            if (!Enum.TryParse<RegisterCode>(written.Register, ignoreCase: true, out var register))
                throw Mistake(file, "register is npr or kpr");
            if (!DataYear.TryFrom(written.FromYear, out var from)) throw Mistake(file, "from-year is no data year");
            if (written.Title is not { Nb.Length: > 0, Nn.Length: > 0, En.Length: > 0 } title
                || written.Calendar.Length == 0 || written.MessageTypes.Count == 0)
                throw Mistake(file, "calendar, title in three languages and message-types are needed");
            if (written.Periods.Count == 0) throw Mistake(file, "there are no periods");
            return new ReportingCalendar(
                written.Calendar, new LocalizedText(title.Nb, title.Nn, title.En), register, written.MessageTypes,
                written.Default, from,
                [.. written.Periods.Select(period => RuleOf(period, file))]);
        }
        catch (YamlException fault)
        {
            throw Mistake(file, $"line {fault.Start.Line}: {fault.InnerException?.Message ?? fault.Message}");
        }
    }

    private static PeriodRule RuleOf(PeriodYaml period, string file)
    {
        var (kind, numbers, max) = period.Kind switch
        {
            "month" => (PeriodKind.Month, period.Months ?? [.. Enumerable.Range(1, 12)], 12),
            "tertial" => (PeriodKind.Tertial, period.Tertials ?? [1, 2, 3], 3),
            "year" => (PeriodKind.Year, [1], 1),
            _ => throw Mistake(file, "kind is month, tertial or year"),
        };
        if (numbers.Exists(number => number < 1 || number > max)) throw Mistake(file, $"a {period.Kind} is 1–{max}");
        return new PeriodRule(
            kind, numbers, DeadlineOf(period.Deadline, file) ?? throw Mistake(file, "a period needs its deadline"),
            DeadlineOf(period.Second, file));
    }

    private static DeadlineRule? DeadlineOf(DeadlineYaml? written, string file)
    {
        if (written is null) return null;
        if ((written.Day is null) == (written.WorkingDay is null))
            throw Mistake(file, "a deadline has either day or working-day");
        if (written.Day is < 1 or > DayMax) throw Mistake(file, $"day is 1–{DayMax}, which every month has");
        if (written.WorkingDay is < 1 or > WorkingDayMax) throw Mistake(file, $"working-day is 1–{WorkingDayMax}");
        if (written.MonthsAfter is < 0 or > MonthsAfterMax) throw Mistake(file, $"months-after is 0–{MonthsAfterMax}");
        return new DeadlineRule(written.MonthsAfter, written.Day, written.WorkingDay);
    }

    private static CalendarFileException Mistake(string file, string what) => new($"{file}: {what}.");

    private sealed class CalendarYaml
    {
        public string Calendar { get; set; } = "";

        public TextYaml? Title { get; set; }

        public string Register { get; set; } = "";

        public List<string> MessageTypes { get; set; } = [];

        public bool Default { get; set; }

        public int FromYear { get; set; }

        public List<PeriodYaml> Periods { get; set; } = [];
    }

    private sealed class TextYaml
    {
        public string Nb { get; set; } = "";

        public string Nn { get; set; } = "";

        public string En { get; set; } = "";
    }

    private sealed class PeriodYaml
    {
        public string Kind { get; set; } = "";

        public List<int>? Months { get; set; }

        public List<int>? Tertials { get; set; }

        public DeadlineYaml? Deadline { get; set; }

        public DeadlineYaml? Second { get; set; }
    }

    private sealed class DeadlineYaml
    {
        public int MonthsAfter { get; set; } = 1;

        public int? Day { get; set; }

        public int? WorkingDay { get; set; }
    }
}
