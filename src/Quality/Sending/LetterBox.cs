using System.Text.Json;
using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Sending;

/// <summary>A mail or SMS as it would have gone out.</summary>
/// <param name="Attachment">Name of the attached file; null for an SMS, and for a mail without.</param>
public sealed record Letter(
    Guid LetterId, string Channel, DateTimeOffset SentAt, string To, string? Subject, string Text, string? Attachment);

/// <summary>
/// Where mails and SMS end when no gateway is set up: a table that staff can read in the portal. For development and
/// demonstration; the letters are encrypted there too.
/// </summary>
public sealed class LetterBox(RegisterDatabase database, Sealing sealing, TimeProvider clock) : IMailPort, ISmsPort
{
    public Task SendAsync(OutgoingMail mail, CancellationToken cancellation) =>
        PutAsync("mail", new Content(mail.To, mail.Subject, mail.Body, mail.Attachment?.Name), cancellation);

    public Task SendAsync(OutgoingSms sms, CancellationToken cancellation) =>
        PutAsync("sms", new Content(sms.To, Subject: null, sms.Text, Attachment: null), cancellation);

    /// <summary>The newest letters first.</summary>
    /// <param name="limit">1 to 500.</param>
    public async Task<IReadOnlyList<Letter>> ReadAsync(int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(limit, Math.Clamp(limit, 1, 500));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select letter_id, channel, sealed, sent_at from quality.letter
            order by sent_at desc, letter_id desc limit @limit
            """,
            new { limit },
            cancellationToken: cancellation));
        return [.. rows.Select(Open)];
    }

    private Letter Open(Row row)
    {
        var content = JsonSerializer.Deserialize<Content>(sealing.Open(row.Sealed, row.LetterId))!;
        return new Letter(
            row.LetterId, row.Channel, row.SentAt, content.To, content.Subject, content.Text, content.Attachment);
    }

    private async Task PutAsync(string channel, Content content, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into quality.letter (letter_id, channel, sealed, sent_at) values (@id, @channel, @letter, @now)",
            new
            {
                id, channel, letter = sealing.Seal(JsonSerializer.SerializeToUtf8Bytes(content), id),
                now = clock.GetUtcNow(),
            },
            cancellationToken: cancellation));
    }

    private sealed record Content(string To, string? Subject, string Text, string? Attachment);

    private sealed record Row(Guid LetterId, string Channel, byte[] Sealed, DateTimeOffset SentAt);
}
