using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Workers;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;
using Npgsql;

namespace Kilde.Quality.Sending;

/// <summary>Wakes the sender when something is queued.</summary>
public sealed class SendSignal : IDisposable
{
    public WorkerSignal Signal { get; } = new();

    public void Dispose() => Signal.Dispose();
}

/// <summary>
/// Stores a feedback, encrypted, and puts it in the outbox for each recipient, in the caller's transaction. The first
/// report to a contact in a calendar month makes the month's password and queues it as an SMS (R3.13).
/// </summary>
public sealed class QueueFeedback(Sealing sealing, TimeProvider clock)
{
    public async Task AddAsync(
        NpgsqlTransaction transaction, FeedbackCase subject, FeedbackDocument document,
        IReadOnlyList<ContactPerson> contacts, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var feedback = Guid.CreateVersion7(now);
        await ExecuteAsync(
            transaction, InsertFeedback,
            new
            {
                feedback, subject.SubmissionId, unit = subject.Unit.ToString(), kind = NameOf(document.Kind),
                sector = SectorName(document.Sector), document.FileName, document.ContentType,
                bytes = document.Content.Length, content = sealing.Seal(document.Content, feedback), now,
            },
            cancellation);
        await EventAsync(
            transaction, new FeedbackEvent(feedback, "created", Detail: null, Actor: null, now), cancellation);
        var recipients = Recipients.Of(document.Kind, document.Sector, subject.Message.Register, contacts);
        foreach (var recipient in recipients)
            await AddRecipientAsync(transaction, subject, feedback, recipient, now, cancellation);
    }

    /// <summary>
    /// Queues a mail about a standing return. It names the unit and no person, and has neither report nor password.
    /// </summary>
    public Task AddNoticeAsync(
        NpgsqlTransaction transaction, OrganizationNumber unit, ReturnNotice notice, string email,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return ExecuteAsync(
            transaction, InsertOutbox,
            new OutboxRow(
                id, "mail", unit.ToString(), FeedbackId: null, PasswordId: null, ContactType: null,
                sealing.Seal(email, id), "waiting", Reason: null, now)
            {
                PackageId = notice.PackageId, TellsRest = notice.TellsRest,
            },
            cancellation);
    }

    private async Task AddRecipientAsync(
        NpgsqlTransaction transaction, FeedbackCase subject, Guid feedback, Recipient recipient, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var unit = subject.Unit.ToString();
        var row = new OutboxRow(
            Guid.CreateVersion7(now), "mail", unit, feedback, PasswordId: null, (int)recipient.Type, Sealed: null,
            "undeliverable", ReasonOf(recipient.Hindrance), now);
        if (recipient is { Hindrance: null, Person: { UsableEmail: { } email, UsableMobile: { } mobile } })
        {
            row = row with
            {
                PasswordId = await PasswordAsync(transaction, unit, mobile, now, cancellation),
                Sealed = sealing.Seal(email, row.OutboxId), State = "waiting", Reason = null,
            };
        }

        await ExecuteAsync(transaction, InsertOutbox, row, cancellation);
        if (row.State == "waiting") return;
        var detail = $"{(int)recipient.Type} {row.Reason}";
        await EventAsync(
            transaction, new FeedbackEvent(feedback, "undeliverable", detail, Actor: null, now), cancellation);
    }

    private async Task<Guid> PasswordAsync(
        NpgsqlTransaction transaction, string unit, string mobile, DateTimeOffset now, CancellationToken cancellation)
    {
        var day = Norwegian.Day(now);
        var (id, month) = (Guid.CreateVersion7(now), new DateOnly(day.Year, day.Month, 1));
        var contactKey = sealing.ContactKey(unit, mobile);
        var inserted = await ExecuteAsync(
            transaction, InsertPassword,
            new { id, contactKey, month, content = sealing.Seal(NewPassword.Make(), id), now }, cancellation);
        if (inserted == 0)
        {
            return await transaction.Connection!.QuerySingleAsync<Guid>(new CommandDefinition(
                "select password_id from quality.password where contact_key = @contactKey and month = @month",
                new { contactKey, month },
                transaction,
                cancellationToken: cancellation));
        }

        var outbox = Guid.CreateVersion7(now);
        await ExecuteAsync(
            transaction, InsertOutbox,
            new OutboxRow(
                outbox, "sms", unit, FeedbackId: null, id, ContactType: null, sealing.Seal(mobile, outbox), "waiting",
                Reason: null, now),
            cancellation);
        return id;
    }

    internal static Task EventAsync(
        NpgsqlTransaction transaction, FeedbackEvent happened, CancellationToken cancellation) =>
        ExecuteAsync(transaction, InsertEvent, happened, cancellation);

    internal static string NameOf(FeedbackKind kind) => kind switch
    {
        FeedbackKind.Identity => "identity",
        FeedbackKind.Activity => "activity",
        FeedbackKind.NprVal => "npr_val",
        _ => "npr_err",
    };

    internal static FeedbackKind KindOf(string name) =>
        Enum.GetValues<FeedbackKind>().First(kind => NameOf(kind) == name);

    internal static string SectorName(Sector? sector) => sector is { } known ? ((int)known).ToString() : "";

    internal static Sector? SectorOf(string name) => name.Length == 0 ? null : (Sector)int.Parse(name);

    internal static string? ReasonOf(Hindrance? hindrance) => hindrance switch
    {
        null => null,
        Hindrance.NoContact => "no_contact",
        Hindrance.NoEmail => "no_email",
        _ => "no_mobile",
    };

    private static Task<int> ExecuteAsync(
        NpgsqlTransaction transaction, string sql, object values, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, values, transaction, cancellationToken: cancellation));

    private const string InsertFeedback =
        """
        insert into quality.feedback (
          feedback_id, submission_id, unit, kind, sector, file_name, content_type, bytes, sealed, created_at)
        values (@feedback, @SubmissionId, @unit, @kind, @sector, @FileName, @ContentType, @bytes, @content, @now)
        """;

    private const string InsertOutbox =
        """
        insert into quality.outbox (
          outbox_id, channel, unit, feedback_id, package_id, password_id, contact_type, sealed, state, reason,
          attempts, next_attempt_at, created_at, changed_at, tells_rest)
        values (
          @OutboxId, @Channel, @Unit, @FeedbackId, @PackageId, @PasswordId, @ContactType, @Sealed, @State, @Reason, 0,
          @Now, @Now, @Now, @TellsRest)
        """;

    private const string InsertPassword =
        """
        insert into quality.password (password_id, contact_key, month, sealed, created_at)
        values (@id, @contactKey, @month, @content, @now)
        on conflict (contact_key, month) do nothing
        """;

    private const string InsertEvent =
        """
        insert into quality.feedback_event (event_id, feedback_id, kind, detail, actor, occurred_at)
        values (@EventId, @FeedbackId, @Kind, @Detail, @Actor, @OccurredAt)
        """;

    private sealed record OutboxRow(
        Guid OutboxId, string Channel, string Unit, Guid? FeedbackId, Guid? PasswordId, int? ContactType,
        byte[]? Sealed, string State, string? Reason, DateTimeOffset Now)
    {
        public Guid? PackageId { get; init; }

        public bool TellsRest { get; init; }
    }
}

/// <summary>What a mail about a standing return tells.</summary>
/// <param name="TellsRest">That no more are made, since the package was not fetched; else that it lies ready.</param>
public sealed record ReturnNotice(Guid PackageId, bool TellsRest = false);

/// <summary>Something that happened to a feedback.</summary>
/// <param name="Kind">
/// <c>created</c>, <c>undeliverable</c>, <c>sent</c>, <c>failed</c>, <c>opened</c> by its sender, or <c>viewed</c> by
/// staff.
/// </param>
/// <param name="Detail">The contact type, and a code where something went wrong. Never an address.</param>
/// <param name="Actor">Who opened it.</param>
public sealed record FeedbackEvent(
    Guid FeedbackId, string Kind, string? Detail, string? Actor, DateTimeOffset OccurredAt)
{
    public Guid EventId { get; } = Guid.CreateVersion7();
}
