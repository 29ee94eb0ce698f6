using System.Text.Json.Nodes;
using Kilde.Definitions.Model;
using Kilde.Definitions.Rules;
using Kilde.Kernel;

namespace Kilde.Definitions.Checks;

/// <summary>The three ways of looking at what is held (R7.03).</summary>
public enum CheckKind
{
    /// <summary>Has everything come? <i>Kompletthet</i>.</summary>
    Completeness = 1,

    /// <summary>Does it agree with what came before, and with other sources? <i>Avstemming</i>.</summary>
    Reconciliation,

    /// <summary>Is each record, or all of a person's records, right? <i>Kvalitetssjekk</i>.</summary>
    Quality,
}

/// <summary>What one result is about, and so what is checked again when a record changes.</summary>
public enum CheckScope
{
    /// <summary>All records of one person.</summary>
    Person = 1,

    /// <summary>All records of one reporting unit in one data year.</summary>
    Unit,

    /// <summary>All records of a data year, whoever sent them: units held against each other, or a list.</summary>
    Year,
}

/// <summary>Whether the check's findings count.</summary>
public enum CheckStatus
{
    /// <summary>Findings are made and shown to register staff only.</summary>
    Shadow = 1,

    /// <summary>Findings are told to whoever has to mend them.</summary>
    Active,
}

/// <summary>Who follows a finding up.</summary>
public enum FindingOwner
{
    Sender = 1,
    Vendor,
    Register,
}

/// <summary>A number that decides what is a finding. It may be changed without checking again.</summary>
/// <param name="Name">As the check's SQL says it after @.</param>
/// <param name="Min">The lowest it may be set to. What no limit within the range would find is not kept.</param>
/// <param name="Unit">For example <c>timer per uke</c>.</param>
public sealed record CheckLimit(
    string Name, decimal Value, decimal Min, decimal Max, LocalizedText Title, LocalizedText Unit);

/// <summary>A change of the record that would mend a finding of it.</summary>
/// <param name="View">The view that shows the record.</param>
/// <param name="Column">The item, as the view calls it.</param>
/// <param name="When">
/// SQL condition on the view's row, and on measured, basis and detail of the finding; null: always.
/// </param>
/// <param name="Value">
/// SQL expression that gives the right value; null, or null where it gives none: it is not known, and the codes that
/// were valid are told instead.
/// </param>
/// <param name="Removes">True when the item is to be empty.</param>
public sealed record CheckEdit(RecordView View, string Column, string? When, string? Value, bool Removes);

/// <summary>Records, and what the check finds in them.</summary>
/// <param name="Rows">Rows of each view the check reads, as a JSON array of objects; columns left out are null.</param>
/// <param name="Finds">What each finding holds, in any order; only what is said is compared.</param>
public sealed record CheckExample(
    string Title, IReadOnlyDictionary<string, JsonArray> Rows, IReadOnlyList<JsonObject> Finds);

/// <summary>
/// A check of what the register holds (R7.07–R7.46), as data in <c>definitions/checks/</c>. It measures, and keeps what
/// it measured; a limit decides what is a finding.
/// </summary>
public sealed class Check
{
    /// <summary>Columns that <see cref="Measure"/> has to give, in any order.</summary>
    public static IReadOnlyList<string> MeasureColumns { get; } =
        ["subject", "person_key", "unit", "data_year", "record_key", "local_id", "measured", "basis", "detail"];

    /// <summary><c>KPR-OMS-001</c>: register, area and number. Never reused.</summary>
    public required string Id { get; init; }

    public required CheckKind Kind { get; init; }

    public required CheckScope Scope { get; init; }

    public required RegisterCode Register { get; init; }

    /// <summary>Short name in bokmål, nynorsk and English.</summary>
    public required LocalizedText Titles { get; init; }

    /// <summary>What is wrong. <c>{measured}</c>, <c>{basis}</c>, <c>{detail}</c> and limits are filled in.</summary>
    public required LocalizedText Text { get; init; }

    /// <summary>What the detail of a finding may say; none where it is a code, a date or a name.</summary>
    public IReadOnlyList<DetailPhrase> Details { get; init; } = [];

    /// <summary>What codes in the detail are of; null when they are of several lists, or there are none.</summary>
    public CodeList? DetailCodes { get; init; }

    /// <summary>What would mend it.</summary>
    public required LocalizedText Mend { get; init; }

    /// <summary>Which statistic or indicator the records drop out of; null when none does.</summary>
    public LocalizedText? Affects { get; init; }

    public required RuleLevel Level { get; init; }

    public required FindingOwner Owner { get; init; }

    public required CheckStatus Status { get; init; }

    /// <summary>Where the check comes from: a requirement, a paragraph, a guide.</summary>
    public required string Source { get; init; }

    public required int FirstDataYear { get; init; }

    public int? LastDataYear { get; init; }

    /// <summary>How many earlier years a year is held against. 0: each year by itself.</summary>
    public int YearsBack { get; init; }

    /// <summary>The views it reads.</summary>
    public required IReadOnlyList<RecordView> Reads { get; init; }

    public required IReadOnlyList<CheckLimit> Limits { get; init; }

    /// <summary>
    /// SQL query over the views it reads that gives <see cref="MeasureColumns"/>, one row for each subject.
    /// </summary>
    public required string Measure { get; init; }

    /// <summary>SQL condition on measured, basis and limits (<c>@hours</c>): true where it is a finding.</summary>
    public required string Finding { get; init; }

    /// <summary>
    /// True: a finding holds the person out of what is counted of the data year, until it is closed or accepted.
    /// </summary>
    public bool HoldsOut { get; init; }

    /// <summary>What would mend the record of a finding, where that is known.</summary>
    public IReadOnlyList<CheckEdit> Edits { get; init; } = [];

    /// <summary>Why no edit of a record can be known, in bokmål; null where one can.</summary>
    public string? NoEdit { get; init; }

    public required IReadOnlyList<CheckExample> Examples { get; init; }
}
