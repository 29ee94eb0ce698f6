using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Sending;

/// <summary>
/// Removes what has had its time: documents, passwords after their month, addresses, contact persons of units that
/// have stopped sending, letters, returns, and submissions that got no reports. The history of each feedback stays.
/// </summary>
public sealed class RemoveExpired(RegisterDatabase database, TimeProvider clock, IOptions<QualityOptions> options)
{
    /// <summary>One round; false always, since a round takes all there is.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var (now, limits) = (clock.GetUtcNow(), options.Value);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            Remove,
            new
            {
                documents = now.AddDays(-limits.DocumentDaysKept),
                passwords = Norwegian.Day(now).AddDays(-limits.PasswordDaysKept).AddMonths(-1),
                contacts = now.AddMonths(-limits.ContactMonthsKept),
                letters = now.AddDays(-limits.LetterDaysKept),
                answers = now.AddDays(-limits.AnsweredDaysKept),
                returns = now - limits.ReturnLifetime,
                now,
            },
            cancellationToken: cancellation));
        return false;
    }

    private const string Remove =
        """
        update quality.feedback set sealed = null where sealed is not null and created_at < @documents;
        update quality.password set sealed = null where sealed is not null and month <= @passwords;
        update quality.outbox o set sealed = null
        from quality.password p
        where o.sealed is not null and o.state <> 'waiting' and p.password_id = o.password_id and p.sealed is null;
        delete from quality.contact where received_at < @contacts;
        delete from quality.letter where sent_at < @letters;
        delete from quality.submission where not gets_reports and received_at < @answers;
        with expired as (
          update quality.return_package set removed_at = @now
          where removed_at is null and made_at < @returns
          returning package_id
        )
        delete from quality.return_part part using expired where part.package_id = expired.package_id;
        """;
}
