using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Quality.Cases;

/// <summary>What a tally found in a file.</summary>
/// <param name="Institutions">Every reporting unit in it, as it names itself.</param>
public sealed record Tallied(IReadOnlyList<string> Institutions, IReadOnlyList<ActivityCell> Activity)
{
    public static Tallied Nothing { get; } = new([], []);

    public string ToText() => JsonSerializer.Serialize(this);

    public static Tallied Parse(string? text) =>
        text is null ? Nothing : JsonSerializer.Deserialize<Tallied>(text) ?? Nothing;
}

/// <summary>
/// Counts a file's episodes while it is read, as the activity feedback shows them (R3.08). An episode belongs to the
/// month it ended; one that has not ended is not counted. Memory follows the sender's units, not its episodes.
/// </summary>
public sealed class ActivityTally
{
    /// <summary>More cells than a whole region has; what comes beyond keeps place and level only.</summary>
    private const int CellsMax = 50_000;

    private const int NamesMax = 50_000;
    private const int InstitutionsMax = 10_000;

    private readonly HashSet<string> _institutions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Institution, string Unit), string> _names = [];
    private readonly Dictionary<Cell, int> _cells = [];

    /// <summary>True for message types that there is something to count in: NPR's activity and identities.</summary>
    public static bool Counts(MessageType type) =>
        type.Register == RegisterCode.Npr && (type.HasIdentities || type.RecordTypes.Any(ActivityWords.IsEpisode));

    public void Add(RecordBatch batch)
    {
        if (batch.Institutions is not { } institutions) return;
        Know(institutions, batch.Count);
        if (ActivityWords.IsEpisode(batch.Type)) AddEpisodes(new EpisodeColumns(batch), institutions, batch.Count);
        else if (ActivityWords.IsUnit(batch.Type)) AddNames(new UnitColumns(batch), institutions, batch.Count);
    }

    public void Add(IdentityBatch batch) => Know(batch.Institutions, batch.Count);

    /// <summary>What was counted, units by the names the file gives them.</summary>
    public Tallied End() => new(
        [.. _institutions.Order(StringComparer.Ordinal)],
        [
            .. _cells.GroupBy(cell => new
                {
                    cell.Key.Sector, cell.Key.Month, Place = NameOf(cell.Key, cell.Key.Place),
                    Department = NameOf(cell.Key, cell.Key.Department), Section = NameOf(cell.Key, cell.Key.Section),
                    cell.Key.Level,
                })
                .Select(group => new ActivityCell(
                    group.Key.Sector, group.Key.Month, group.Key.Place, group.Key.Department, group.Key.Section,
                    group.Key.Level, group.Sum(cell => cell.Value))),
        ]);

    private string NameOf(Cell cell, string unit) => _names.GetValueOrDefault((cell.Institution, unit), unit);

    // The same few stand in row after row.
    private void Know(string[] institutions, int count)
    {
        string? last = null;
        foreach (var institution in institutions.AsSpan(0, count))
        {
            if (ReferenceEquals(institution, last) || institution == last) continue;
            last = institution;
            if (_institutions.Count < InstitutionsMax) _institutions.Add(institution);
        }
    }

    private void AddNames(UnitColumns units, string[] institutions, int count)
    {
        for (var row = 0; row < count && _names.Count < NamesMax; row++)
        {
            if (units.IdOf(row) is { } id && units.NameOf(row) is { } name) _names[(institutions[row], id)] = name;
        }
    }

    private void AddEpisodes(EpisodeColumns episodes, string[] institutions, int count)
    {
        for (var row = 0; row < count; row++)
        {
            if (episodes.EndOf(row) is not { } end || ActivityWords.LevelOf(episodes.LevelOf(row)) is not { } level)
                continue;
            var cell = new Cell(
                ActivityWords.SectorOf(episodes.FieldOf(row)), Norwegian.Day(end).Month, institutions[row],
                episodes.UnitOf(row, ActivityWords.Place), episodes.UnitOf(row, ActivityWords.Department),
                episodes.UnitOf(row, ActivityWords.Section), level);
            if (_cells.Count >= CellsMax && !_cells.ContainsKey(cell))
                cell = cell with { Department = "", Section = "" };
            _cells[cell] = _cells.GetValueOrDefault(cell) + 1;
        }
    }

    private readonly record struct Cell(
        Sector Sector, int Month, string Institution, string Place, string Department, string Section,
        CareLevel Level);

    private readonly struct UnitColumns(RecordBatch batch)
    {
        private readonly ColumnVector<string>? _id = ColumnOf<string>(batch, "enhet_id");
        private readonly ColumnVector<string>? _name = ColumnOf<string>(batch, "enhet_lokal");

        public string? IdOf(int row) => Text(_id, row);

        public string? NameOf(int row) => Text(_name, row) is { Length: > 0 } name ? name : null;
    }

    private readonly struct EpisodeColumns(RecordBatch batch)
    {
        private readonly ColumnVector<DateTimeOffset>? _end = ColumnOf<DateTimeOffset>(batch, "ut_dato_tid");
        private readonly ColumnVector<string>? _level = ColumnOf<string>(batch, "omsorgsniva");
        private readonly ColumnVector<string>? _field = ColumnOf<string>(batch, "episode_fag");
        private readonly ColumnVector<string[]>? _units = ColumnOf<string[]>(batch, "ref_enhet_enhet_id");
        private readonly ColumnVector<string[]>? _kinds = ColumnOf<string[]>(batch, "ref_enhet_type_enhet");

        public DateTimeOffset? EndOf(int row) => _end is null || _end.IsNull(row) ? null : _end[row];

        public string? LevelOf(int row) => Text(_level, row);

        public string? FieldOf(int row) => Text(_field, row);

        public string UnitOf(int row, string kind)
        {
            if (_units is null || _kinds is null || _units.IsNull(row) || _kinds.IsNull(row)) return "";
            var at = Array.IndexOf(_kinds[row], kind);
            return at < 0 || at >= _units[row].Length ? "" : _units[row][at] ?? "";
        }
    }

    private static string? Text(ColumnVector<string>? column, int row) =>
        column is null || column.IsNull(row) ? null : column[row];

    private static ColumnVector<T>? ColumnOf<T>(RecordBatch batch, string name)
    {
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            if (batch.Type.Columns[i].Name == name) return batch.Columns[i] as ColumnVector<T>;
        }

        return null;
    }
}

/// <summary>What the codes of an episode say of sector, level and place.</summary>
internal static class ActivityWords
{
    /// <summary>Behandlingssted, in code list 8476.</summary>
    public const string Place = "1";

    /// <summary>Avdeling.</summary>
    public const string Department = "7";

    /// <summary>Fagenhet.</summary>
    public const string Section = "2";

    public static bool IsEpisode(RecordType type) => type.Table == "ord_episode";

    public static bool IsUnit(RecordType type) => type.Table == "ord_enhet";

    /// <summary>The sector of a field (fagområde, code list 8451); somatic when it is none of the others.</summary>
    public static Sector SectorOf(string? field) => field switch
    {
        "310" => Sector.ChildMentalHealth,
        "320" => Sector.AdultMentalHealth,
        "360" or "365" or "370" => Sector.Addiction,
        _ => Sector.Somatic,
    };

    /// <summary>
    /// The level (omsorgsnivå, code list 8406); 8 is radiotherapy given to inpatients as outpatients.
    /// </summary>
    public static CareLevel? LevelOf(string? level) => level switch
    {
        "1" => CareLevel.Inpatient,
        "2" => CareLevel.DayTreatment,
        "3" or "8" => CareLevel.Outpatient,
        _ => null,
    };
}
