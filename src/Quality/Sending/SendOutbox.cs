using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Telemetry;
using Kilde.Quality.Documents;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Kilde.Quality.Sending;

/// <summary>
/// Sends what is in the outbox, one at a time: mails with the report in a protected zip, SMS with passwords, and mails
/// that a return lies ready, or rests.
/// </summary>
/// <remarks>
/// The row is locked while it is sent and marked in the same transaction, so two workers never send the same one. Only
/// a process that dies between the server's answer and the commit leaves a mail that was sent and looks unsent; it
/// goes again under the same message id. A refusal is final; a delay waits longer each time, and is given up after
/// <see cref="QualityOptions.SendAttemptsMax"/>.
/// </remarks>
public sealed class SendOutbox
{
    private static readonly ModuleTelemetry Telemetry = new("Quality");
    private static readonly System.Diagnostics.Metrics.Counter<long> Attempts =
        Telemetry.Meter.CreateCounter<long>("kilde.quality.send_attempts");

    // Minutes until the next attempt; the last one repeats.
    private static readonly int[] WaitMinutes = [1, 2, 5, 15, 60, 180, 360, 720];

    private readonly RegisterDatabase _database;
    private readonly Sealing _sealing;
    private readonly IMailPort _mail;
    private readonly ISmsPort _sms;
    private readonly TimeProvider _clock;
    private readonly QualityOptions _options;
    private readonly ResiliencePipeline _pipeline;

    public SendOutbox(
        RegisterDatabase database, Sealing sealing, IMailPort mail, ISmsPort sms, TimeProvider clock,
        IOptions<QualityOptions> options)
    {
        (_database, _sealing, _mail, _sms, _clock, _options) = (database, sealing, mail, sms, clock, options.Value);
        _pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = 2, BackoffType = DelayBackoffType.Exponential, UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(250),
                ShouldHandle = new PredicateBuilder().Handle<DeliveryDelayedException>(),
            })
            .AddTimeout(TimeSpan.FromSeconds(_options.SendSecondsMax))
            .Build();
    }

    /// <summary>Sends the one that has waited longest. False when nothing waits.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await using var connection = await _database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            Claim, new { now = _clock.GetUtcNow() }, transaction, cancellationToken: cancellation));
        if (row is null) return false;

        var outcome = await TrySendAsync(row, cancellation);
        await RecordAsync(transaction, row, outcome, cancellation);
        await transaction.CommitAsync(cancellation);
        Attempts.Add(1, new("channel", row.Channel), new("outcome", outcome.State));
        return true;
    }

    private async Task<Outcome> TrySendAsync(Row row, CancellationToken cancellation)
    {
        if (row.PackageId is null && (row.Password is null || (row.Channel == "mail" && row.Document is null)))
            return new Outcome("failed", "expired");
        try
        {
            await _pipeline.ExecuteAsync(async limited => await SendAsync(row, limited), cancellation);
            return new Outcome("sent", Reason: null);
        }
        catch (DeliveryRefusedException refusal)
        {
            return new Outcome("failed", refusal.Message);
        }
        catch (DeliveryDelayedException delay)
        {
            return Later(row, delay.Message);
        }
        catch (TimeoutRejectedException)
        {
            return Later(row, "timeout");
        }
    }

    private Outcome Later(Row row, string reason) =>
        new(row.Attempts + 1 >= _options.SendAttemptsMax ? "failed" : "waiting", reason);

    private Task SendAsync(Row row, CancellationToken cancellation)
    {
        var texts = ReportTexts.In(_options.Language);
        var address = _sealing.OpenText(row.Address, row.OutboxId);
        if (row.PackageId is not null) return _mail.SendAsync(NoticeOf(row, address, texts), cancellation);

        var password = _sealing.OpenText(row.Password!, row.PasswordId!.Value);
        var month = $"{texts[$"month.{row.Month!.Value.Month}"].ToLowerInvariant()} {row.Month.Value.Year}";
        if (row.Channel == "sms")
        {
            var text = string.Format(texts["sms.body"], row.UnitName, month, password);
            return _sms.SendAsync(new OutgoingSms(row.OutboxId.ToString("N"), address, text), cancellation);
        }

        var zipName = Path.ChangeExtension(row.FileName!, ".zip");
        var document = _sealing.Open(row.Document!, row.FeedbackId!.Value);
        var zip = ProtectedZip.Write(row.FileName!, document, password, row.CreatedAt);
        var kind = (int)QueueFeedback.KindOf(row.Kind!);
        return _mail.SendAsync(
            new OutgoingMail(
                row.OutboxId.ToString("N"), address,
                string.Format(texts[$"mail.subject.{kind}"], row.MessageType, row.UnitName),
                string.Format(
                    texts["mail.body"], row.UnitName, row.MessageType, Norwegian.Time(row.ReceivedAt!.Value), zipName,
                    month, EndOf(row)),
                new MailAttachment(zipName, zip)),
            cancellation);
    }

    // No address of the portal: a mail that asks nobody to click is not a mail to learn to trust.
    private OutgoingMail NoticeOf(Row row, string address, ReportTexts texts) => new(
        row.OutboxId.ToString("N"), address,
        string.Format(texts[row.TellsRest ? "mail.return.rests.subject" : "mail.return.subject"], row.UnitName),
        string.Format(
            texts[row.TellsRest ? "mail.return.rests.body" : "mail.return.body"], row.UnitName,
            Norwegian.Date(row.PackageMadeAt!.Value + _options.ReturnLifetime)),
        Attachment: null);

    // The last two digits tell the reader which telephone, and nobody else the number.
    private string EndOf(Row row) => row.Mobile is null ? "**" : _sealing.OpenText(row.Mobile, row.SmsId!.Value)[^2..];

    private async Task RecordAsync(
        NpgsqlTransaction transaction, Row row, Outcome outcome, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        var wait = TimeSpan.FromMinutes(WaitMinutes[Math.Min(row.Attempts, WaitMinutes.Length - 1)]);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            Mark,
            new { row.OutboxId, outcome.State, outcome.Reason, now, next = now + wait },
            transaction,
            cancellationToken: cancellation));
        if (outcome.State == "waiting") return;

        // What cannot be opened because the password never came is a failure of each report that needs it.
        var touched = row.FeedbackId is { } own ? [own] : outcome.State == "sent" ? [] : (await transaction.Connection!
            .QueryAsync<Guid>(new CommandDefinition(
                "select distinct feedback_id from quality.outbox where password_id = @PasswordId and channel = 'mail'",
                new { row.PasswordId },
                transaction,
                cancellationToken: cancellation))).AsList();
        var detail = row.Channel == "sms" ? $"sms {outcome.Reason}" : $"{row.ContactType} {outcome.Reason}".TrimEnd();
        foreach (var feedback in touched)
        {
            await QueueFeedback.EventAsync(
                transaction, new FeedbackEvent(feedback, outcome.State, detail, Actor: null, now), cancellation);
        }
    }

    // An SMS goes before the mails that need it, since it was queued before them.
    private const string Claim =
        """
        select o.outbox_id, o.channel, o.feedback_id, o.password_id, o.contact_type, o.sealed as address, o.attempts,
          p.sealed as password, p.month, f.kind, f.file_name, f.sealed as document, o.created_at,
          coalesce(s.unit_name, u.unit_name, o.unit) as unit_name, s.message_type, s.received_at,
          m.outbox_id as sms_id, m.mobile, o.package_id, k.made_at as package_made_at, o.tells_rest
        from quality.outbox o
        left join quality.password p on p.password_id = o.password_id
        left join quality.return_package k on k.package_id = o.package_id
        left join quality.feedback f on f.feedback_id = o.feedback_id
        left join quality.submission s on s.submission_id = f.submission_id
        left join lateral (
          select outbox_id, sealed as mobile from quality.outbox
          where password_id = o.password_id and channel = 'sms' limit 1) m on true
        left join lateral (
          select unit_name from quality.submission where unit = o.unit order by received_at desc limit 1) u on true
        where o.state = 'waiting' and o.next_attempt_at <= @now
        order by o.next_attempt_at, o.channel desc, o.outbox_id
        limit 1
        for update of o skip locked
        """;

    private const string Mark =
        """
        update quality.outbox
        set state = @State, reason = @Reason, attempts = attempts + 1, next_attempt_at = @next, changed_at = @now,
          sealed = case when channel = 'mail' and (@State = 'sent' or (@State = 'failed' and package_id is not null))
            then null else sealed end
        where outbox_id = @OutboxId
        """;

    private sealed record Outcome(string State, string? Reason);

    private sealed record Row(
        Guid OutboxId, string Channel, Guid? FeedbackId, Guid? PasswordId, int? ContactType, byte[] Address,
        int Attempts, byte[]? Password, DateOnly? Month, string? Kind, string? FileName, byte[]? Document,
        DateTimeOffset CreatedAt, string UnitName, string? MessageType, DateTimeOffset? ReceivedAt, Guid? SmsId,
        byte[]? Mobile, Guid? PackageId, DateTimeOffset? PackageMadeAt, bool TellsRest);
}
