using System.Globalization;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Portal.Shell;
using Microsoft.AspNetCore.Http;

namespace Kilde.Portal.Senders;

/// <summary>
/// What staff typed about a sender: as text until it is parsed, so that a mistake is shown beside what was typed.
/// Lists are typed one per line.
/// </summary>
public sealed record SenderForm(
    string Unit, string Name, string Enterprise, string SubUnits, string Vendors,
    IReadOnlyList<ObligationRow> Obligations)
{
    /// <summary>Empty rows offered for new obligations.</summary>
    private const int NewRows = 2;
    private const int NameLengthMax = 200;
    private const int LinesMax = 500;

    public static SenderForm Empty { get; } = new("", "", "", "", "", NewObligations);

    private static IReadOnlyList<ObligationRow> NewObligations =>
        [.. Enumerable.Repeat(new ObligationRow("", "", ""), NewRows)];

    public static SenderForm Of(SenderConfiguration sender) => new(
        sender.Unit.ToString(),
        sender.Name,
        sender.Enterprise?.ToString() ?? "",
        string.Join('\n', sender.SubUnits.Select(subUnit => $"{subUnit.Number} {subUnit.Name}")),
        string.Join('\n', sender.Vendors.Select(vendor => $"{vendor.Vendor} {vendor.ClientId}".TrimEnd())),
        [.. sender.Obligations.Select(ObligationRow.Of), .. NewObligations]);

    public static SenderForm Of(IFormCollection form)
    {
        var (types, from, to) = (form["type"], form["fra"], form["til"]);
        var rows = Enumerable.Range(0, Math.Min(types.Count, LinesMax)).Select(row => new ObligationRow(
            types[row] ?? "", from.ElementAtOrDefault(row) ?? "", to.ElementAtOrDefault(row) ?? ""));
        return new SenderForm(
            form["enhet"].ToString().Trim(), form["navn"].ToString().Trim(), form["virksomhet"].ToString().Trim(),
            form["underenheter"].ToString(), form["leverandorer"].ToString(), [.. rows]);
    }

    /// <summary>The sender as typed; or null with what is wrong, by the id of the field.</summary>
    public SenderConfiguration? Parse(Texts texts, out IReadOnlyDictionary<string, string> mistakes)
    {
        var wrong = new Dictionary<string, string>(StringComparer.Ordinal);
        mistakes = wrong;

        if (!TryRead(Unit, out var unit)) wrong["enhet"] = texts["senders.mistake.unit"];
        if (Name.Length is 0 or > NameLengthMax) wrong["navn"] = texts["senders.mistake.name", NameLengthMax];
        OrganizationNumber? enterprise = null;
        if (TryRead(Enterprise, out var parent)) enterprise = parent;
        else if (Enterprise.Length > 0) wrong["virksomhet"] = texts["senders.mistake.enterprise"];

        var subUnits = ReadLines(texts, SubUnits, "underenheter", wrong, (number, rest) => new SubUnit(number, rest));
        if (subUnits.Any(subUnit => subUnit.Name.Length == 0))
            wrong["underenheter"] = texts["senders.mistake.subUnit"];
        var vendors = ReadLines(
            texts, Vendors, "leverandorer", wrong,
            (number, rest) => new SenderVendor(number, rest.Length == 0 ? null : rest));
        var obligations = ReadObligations(texts, wrong);

        return wrong.Count > 0 ? null : new SenderConfiguration(unit, Name, enterprise, subUnits, vendors, obligations);
    }

    private List<Obligation> ReadObligations(Texts texts, Dictionary<string, string> wrong)
    {
        var read = new List<Obligation>();
        foreach (var row in Obligations.Where(row => row.MessageType.Length > 0))
        {
            if (!TryReadDay(row.From, out var from) || (row.To.Length > 0 && !TryReadDay(row.To, out _)))
            {
                wrong["plikter"] = texts["senders.mistake.from", row.MessageType];
                continue;
            }

            DateOnly? to = TryReadDay(row.To, out var last) ? last : null;
            if (to < from) wrong["plikter"] = texts["senders.mistake.order", row.MessageType];
            else if (read.Any(other => other.MessageType == row.MessageType && Overlap(other, from, to)))
                wrong["plikter"] = texts["senders.mistake.overlap", row.MessageType];
            else read.Add(new Obligation(row.MessageType, from, to));
        }

        return read;
    }

    private static bool Overlap(Obligation other, DateOnly from, DateOnly? to) =>
        other.FromOn <= (to ?? DateOnly.MaxValue) && from <= (other.ToOn ?? DateOnly.MaxValue);

    private static List<T> ReadLines<T>(
        Texts texts, string text, string field, Dictionary<string, string> wrong,
        Func<OrganizationNumber, string, T> make)
    {
        var read = new List<T>();
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length > LinesMax) wrong[field] = texts["senders.mistake.lines", LinesMax];
        foreach (var line in lines)
        {
            var parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (TryRead(parts[0], out var number)) read.Add(make(number, parts.Length > 1 ? parts[1] : ""));
            else wrong[field] = texts["senders.mistake.line"];
        }

        return read;
    }

    private static bool TryRead(string text, out OrganizationNumber number) =>
        OrganizationNumber.TryParse(text, provider: null, out number);

    // A browser's date field sends yyyy-MM-dd; one without it sends what the user typed.
    private static bool TryReadDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(
            text, ["yyyy-MM-dd", "dd.MM.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}

/// <summary>One row of the form's obligations; a row without type is not used.</summary>
public sealed record ObligationRow(string MessageType, string From, string To)
{
    public static ObligationRow Of(Obligation obligation) => new(
        obligation.MessageType, obligation.FromOn.ToString("yyyy-MM-dd"),
        obligation.ToOn?.ToString("yyyy-MM-dd") ?? "");
}
