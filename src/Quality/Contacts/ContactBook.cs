using System.Text.Json;
using Dapper;
using Kilde.Quality.Cases;
using Kilde.Quality.Sending;
using Npgsql;

namespace Kilde.Quality.Contacts;

/// <summary>
/// The contact persons of each unit, as its newest file named them: encrypted, and replaced as a whole.
/// </summary>
public sealed class ContactBook(Sealing sealing)
{
    /// <summary>
    /// Whom the feedback on a case goes to: those in the file, else those the unit named last. What the file names is
    /// kept, unless a newer file has been here or the file was only checked.
    /// </summary>
    public async Task<IReadOnlyList<ContactPerson>> ForAsync(
        NpgsqlTransaction transaction, FeedbackCase subject, CancellationToken cancellation)
    {
        if (subject.Contacts.Count == 0)
            return await ReadAsync(transaction.Connection!, subject.Unit.ToString(), cancellation);
        if (subject.Outcome != CaseOutcome.OnlyChecked) await ReplaceAsync(transaction, subject, cancellation);
        return subject.Contacts;
    }

    /// <summary>The unit's contact persons, by type.</summary>
    public async Task<IReadOnlyList<ContactPerson>> ReadAsync(
        NpgsqlConnection connection, string unit, CancellationToken cancellation)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select contact_id, contact_type, sealed from quality.contact
            where unit = @unit order by contact_type, contact_id
            """,
            new { unit },
            cancellationToken: cancellation));
        return
        [
            .. rows.Select(row =>
            {
                var content = JsonSerializer.Deserialize<Content>(sealing.Open(row.Sealed, row.ContactId))!;
                return new ContactPerson((ContactType)row.ContactType, content.Name, content.Email, content.Mobile);
            }),
        ];
    }

    private async Task ReplaceAsync(
        NpgsqlTransaction transaction, FeedbackCase subject, CancellationToken cancellation)
    {
        List<(Guid Id, ContactPerson Person)> people =
            [.. subject.Contacts.Select(contact => (Guid.CreateVersion7(), contact))];
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Replace,
            new
            {
                unit = subject.Unit.ToString(),
                receivedAt = subject.ReceivedAt,
                ids = people.Select(each => each.Id).ToArray(),
                types = people.Select(each => (int)each.Person.Type).ToArray(),
                contents = people.Select(each => Seal(each.Id, each.Person)).ToArray(),
            },
            transaction,
            cancellationToken: cancellation));
    }

    private byte[] Seal(Guid id, ContactPerson person) => sealing.Seal(
        JsonSerializer.SerializeToUtf8Bytes(
            new Content(Short(person.Name)!, Short(person.Email), Short(person.Mobile))),
        id);

    private static string? Short(string? text) =>
        text?.Length > ContactPerson.TextMax ? text[..ContactPerson.TextMax] : text;

    // Two files of one unit wait for each other here, so that the newest is the one that stays.
    private const string Replace =
        """
        select pg_advisory_xact_lock(hashtextextended('quality.contact ' || @unit, 0));
        delete from quality.contact where unit = @unit and received_at <= @receivedAt;
        insert into quality.contact (contact_id, unit, contact_type, sealed, received_at)
        select contact_id, @unit, contact_type, sealed, @receivedAt
        from unnest(@ids, @types, @contents) as named (contact_id, contact_type, sealed)
        where not exists (select 1 from quality.contact newer where newer.unit = @unit);
        """;

    private sealed record Content(string Name, string? Email, string? Mobile);

    private sealed record Row(Guid ContactId, int ContactType, byte[] Sealed);
}
