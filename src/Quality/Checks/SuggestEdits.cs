using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Register.Reading;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>A change of a record in the sender's message that would mend a finding.</summary>
/// <param name="Item">What the item is called.</param>
/// <param name="Was">As it stands in the register; null when it is empty.</param>
/// <param name="Becomes">The right value; null when it is to be removed, or is not known.</param>
/// <param name="Meaning">What the right value means, where it is a code of a list.</param>
/// <param name="Patch">JSON Patch (RFC 6902) on the record with the local id; null for XML.</param>
/// <param name="XPath">The place in the file to change; null for JSON, and for an item that is missing.</param>
/// <param name="Codes">The codes that were valid, when the right one is not known.</param>
public sealed record FindingEdit(
    LocalizedText Item, string LocalId, string? Was, string? Becomes, LocalizedText? Meaning, bool Removes,
    string? Patch, string? XPath, IReadOnlyList<Code> Codes);

/// <summary>
/// Says what would mend a finding, where that can be known: the check's edits worked out over the record as it stands
/// now, and written as its sender can apply them.
/// </summary>
public sealed class SuggestEdits(RegisterDatabase database, DefinitionCatalogue catalogue)
{
    /// <summary>Edits of a finding that stands; none when it is not there, or another's.</summary>
    /// <param name="unit">Only this unit's; null for staff.</param>
    public async Task<IReadOnlyList<FindingEdit>> OfAsync(
        Guid findingId, OrganizationNumber? unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var finding = await connection.QuerySingleOrDefaultAsync<FoundRow>(new CommandDefinition(
            $"""
            select f.check_id, f.person_key, f.record_key::text, f.local_id, f.data_year, f.measured, f.basis, f.detail
            from quality.finding f
            where {FindFindings.MayBeSeen} and f.finding_id = @findingId and f.closed_at is null
              and f.record_key is not null and f.person_key is not null
            """,
            new { findingId, unit = unit?.ToString() },
            cancellationToken: cancellation));
        if (finding is null) return [];
        var edits = new List<FindingEdit>();
        foreach (var edit in catalogue.Checks.FirstOrDefault(check => check.Id == finding.CheckId)?.Edits ?? [])
        {
            if (await WorkOutAsync(edit, finding, connection, cancellation) is { } row
                && Write(edit, row, finding.DataYear) is { } written) edits.Add(written);
        }

        return edits;
    }

    private static Task<EditedRow?> WorkOutAsync(
        CheckEdit edit, FoundRow finding, NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.QuerySingleOrDefaultAsync<EditedRow>(new CommandDefinition(
            $"""
            select record_table, local_id, ({edit.Column})::text as was, ({edit.Value ?? "null"})::text as becomes
            from {RecordViewSql.Of(edit.View)} as record
            cross join (
              select @Measured::numeric as measured, @Basis::numeric as basis, @Detail::text as detail) as finding
            where person_key = @PersonKey and record_key = @RecordKey and local_id = @LocalId
              and data_year = @DataYear
              and ({edit.When ?? "true"})
            limit 1
            """,
            finding,
            cancellationToken: cancellation));

    private FindingEdit? Write(CheckEdit edit, EditedRow row, int dataYear)
    {
        var items = edit.View.Sources.Where(source => source.Table == row.RecordTable)
            .Select(source => source.Columns.GetValueOrDefault(edit.Column)).OfType<string>().ToHashSet();
        var found =
            from type in catalogue.MessageTypes
            from kind in type.RecordTypes
            where kind.Table == row.RecordTable
            from item in kind.Columns
            where items.Contains(item.Name) && !item.IsOfUnit
            select (Record: kind, Column: item);

        // The newest version is what a sender of today writes.
        if (found.LastOrDefault() is not { Record: { } record, Column: { } column }) return null;
        var isKnown = edit.Removes || row.Becomes is not null;
        var form = record.Xml is null ? null : EditForm.XPath(record, column, row.LocalId, row.Was is not null);
        var becomes = record.Xml is null ? row.Becomes : EditForm.InXml(record, column, row.Becomes);
        return new FindingEdit(
            column.Field.Titles, row.LocalId, row.Was, becomes,
            CodesOf(column.Field, dataYear).FirstOrDefault(code => code.Value.Value == row.Becomes)?.Texts,
            edit.Removes,
            isKnown && record.Xml is null ? EditForm.Patch(record, column, row.LocalId, row.Was, becomes) : null,
            isKnown ? form : null,
            isKnown ? [] : CodesOf(column.Field, dataYear));
    }

    private static IReadOnlyList<Code> CodesOf(Field field, int dataYear) =>
        DataYear.TryFrom(dataYear, out var year)
            ? [.. (field.CodeList?.Codes ?? []).Where(code => code.Validity.Overlaps(Validity.Of(year)))]
            : [];

    private sealed record FoundRow(
        string CheckId, long PersonKey, string RecordKey, string LocalId, int DataYear, decimal? Measured,
        decimal? Basis, string? Detail);

    private sealed record EditedRow(string RecordTable, string LocalId, string? Was, string? Becomes);
}
