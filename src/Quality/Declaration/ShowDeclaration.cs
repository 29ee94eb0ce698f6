using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Protection;
using Kilde.Quality.Caveats;

namespace Kilde.Quality.Declaration;

/// <summary>An item as a sender may see it.</summary>
/// <param name="Own">The valid share of the sender's own records; null when it has none.</param>
/// <param name="All">The share of everybody's; null where it would tell of few at the others.</param>
/// <param name="Grade">Of everybody's.</param>
public sealed record SharedItem(LocalizedText Title, double? Own, double? All, ItemGrade? Grade);

/// <summary>One kind of record.</summary>
/// <param name="All">Everybody's records; null where the others have few.</param>
public sealed record SharedRecords(LocalizedText Title, long Own, long? All, IReadOnlyList<SharedItem> Items);

/// <summary>What a check has found that stands.</summary>
/// <param name="All">At everybody; null where there are few at the others.</param>
public sealed record SharedFinding(string CheckId, LocalizedText Titles, LocalizedText? Affects, long Own, long? All);

/// <summary>A declaration as one of the senders may see it, its own beside everybody's.</summary>
/// <param name="Expected">Units that were to report.</param>
/// <param name="Reported">Those of them that have.</param>
public sealed record SharedDeclaration(
    RegisterCode Register, string Area, DataYear Year, DateTimeOffset MadeAt, int Expected, int Reported,
    IReadOnlyList<SharedRecords> Records, IReadOnlyList<SharedFinding> Findings)
{
    /// <summary>What staff have written of the sender's own year.</summary>
    public IReadOnlyList<Caveat> Caveats { get; init; } = [];
}

/// <summary>
/// Decides what of a declaration a sender may see, as a pure function: all of its own, everybody's where the others are
/// not few, and no names (R9.34, R9.43). The others are everybody less its own, which the sender knows.
/// </summary>
public static class ShowDeclaration
{
    /// <summary>Of so many, a tenth of a percent is more than a small cell: one decimal tells none.</summary>
    private const long ManyRecords = 10_000;

    public static SharedDeclaration Of(QualityDeclaration all, QualityDeclaration own)
    {
        var allRecords = all.Records.ToDictionary(KeyOf);
        var ownRecords = own.Records.ToDictionary(KeyOf);
        var ownFindings = own.Findings.ToDictionary(finding => finding.CheckId, StringComparer.Ordinal);
        return new SharedDeclaration(
            all.Register, all.Area, all.Year, all.MadeAt, all.Expected, all.Reported,
            [
                .. all.Records.Concat(own.Records).Select(KeyOf).Distinct().Select(key =>
                    RecordsOf(allRecords.GetValueOrDefault(key), ownRecords.GetValueOrDefault(key))),
            ],
            [
                .. all.Findings.Select(finding =>
                {
                    var standing = ownFindings.GetValueOrDefault(finding.CheckId)?.Standing ?? 0;
                    return new SharedFinding(
                        finding.CheckId, finding.Titles, finding.Affects, standing,
                        AllOf(finding.Standing, standing));
                }),
            ])
        {
            Caveats = own.Caveats,
        };
    }

    private static (string MessageType, string Title) KeyOf(DeclaredRecords records) =>
        (records.MessageType, records.Title.Nb);

    // A sender may have sent the first there are, since everybody's were counted.
    private static SharedRecords RecordsOf(DeclaredRecords? all, DeclaredRecords? own)
    {
        var known = (all ?? own)!;
        var everybodys = all?.Items.ToDictionary(item => item.Name, StringComparer.Ordinal) ?? [];
        var items = own?.Items.ToDictionary(item => item.Name, StringComparer.Ordinal) ?? [];
        return new SharedRecords(
            known.Title, own?.Records ?? 0, AllOf(all?.Records ?? 0, own?.Records ?? 0),
            [
                .. known.Items.Select(item => ItemOf(
                    item.Title, everybodys.GetValueOrDefault(item.Name), items.GetValueOrDefault(item.Name))),
            ]);
    }

    private static SharedItem ItemOf(LocalizedText title, DeclaredItem? all, DeclaredItem? own)
    {
        var records = (all?.Records ?? 0) - (own?.Records ?? 0);
        var valid = ValidOf(all) - ValidOf(own);
        var mayTell = all is not null && (records is 0 or >= ManyRecords || SmallCells.MayTellShare(valid, records));
        return new SharedItem(
            title, own is { Records: > 0 } ? own.ValidShare : null, mayTell ? all!.ValidShare : null,
            mayTell ? all!.Grade : null);
    }

    private static long ValidOf(DeclaredItem? item) => item is null ? 0 : item.Filled - item.Unknown;

    // The sender's own may have come since everybody's were counted.
    private static long? AllOf(long all, long own) => SmallCells.IsSmall(all - own) || all < own ? null : all;
}
