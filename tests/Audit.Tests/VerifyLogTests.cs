using Kilde.Audit.Verification;
using Kilde.Testing;

namespace Kilde.Audit.Tests;

public class VerifyLogTests(PostgresServer postgres)
{
    private static readonly Actor Operator = new("user", "drift@vert");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_verified_a_log_last_and_what_came_of_it_stands_in_the_log()
    {
        await using var audit = new AuditFixture(await postgres.NewDatabasesAsync());
        await audit.AppendAsync([.. Enumerable.Range(1, 2500).Select(AuditFixture.Entry)]);
        var verify = new VerifyLog(audit.Verifier, audit.Log, audit.Databases.Register);
        var told = new List<(long Read, long Of)>();
        (await verify.FindLastAsync(audit.Store, Cancellation)).ShouldBeNull();

        var whole = await verify.HandleAsync(
            audit.Store, Operator, (read, of) => told.Add((read, of)), Cancellation);

        whole.IsIntact.ShouldBeTrue();
        told.ShouldBe([(1000, 2500), (2000, 2500), (2500, 2500)]);
        (await verify.FindLastAsync(audit.Store, Cancellation))
            .ShouldBe(new LastVerification(audit.Clock.GetUtcNow(), "drift@vert", Findings: 0));

        await audit.TamperAsync("update audit.entry set subject = 'x' where sequence_no = 7");
        await verify.HandleAsync(audit.Store, Operator, progress: null, Cancellation);

        (await verify.FindLastAsync(audit.Store, Cancellation))!.Findings.ShouldBe(1);
    }
}
