using System.Text;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Up;
using Kilde.Intake.Slash.Client;

namespace Kilde.EndToEnd.Tests;

/// <summary>What the commands that look into a running site say of it, and end with.</summary>
public class SiteCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_shown_as_it_stands_and_as_it_stood()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var sender = site.Senders[0];
        string[] record = ["hst_avtale", $"{sender.Unit.Number}", "A-1"];
        string[] purpose = ["--purpose", "Test"];
        await SendAsync(site, sender, attendance: 1);
        await MergedAsync(site, submissions: 1);
        var between = $"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}";
        await SendAsync(site, sender, attendance: 2);
        await MergedAsync(site, submissions: 2);

        var (shown, history) = await site.RunAsync(["register", "show", .. record, .. purpose], Cancellation);
        var (known, then) = await site.RunAsync(["register", "as-of", .. record, between, .. purpose], Cancellation);
        var (unknown, never) = await site.RunAsync(
            ["register", "as-of", .. record, "2020-01-01T12:00", .. purpose], Cancellation);

        shown.ShouldBe(0, history);
        history.ShouldContain("(replaced)");
        history.ShouldContain("stands");
        known.ShouldBe(0, then);
        then.ShouldMatch(@"oppmote_status\s+1\b");
        then.ShouldNotMatch(@"oppmote_status\s+2\b");
        unknown.ShouldBe(1, never);
        never.ShouldContain("no such record");
    }

    [Fact]
    public async Task What_was_set_aside_for_a_fault_of_ours_is_taken_in_when_it_is_mended()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        await RenameAsync(site, "oppmote_status", "something");
        await SendAsync(site, site.Senders[0], attendance: 1);
        await site.WaitForAsync<long>("select count(*) from intake.set_aside", count => count == 1, Cancellation);
        var id = (await site.ReadAsync<Guid>("select submission_id from intake.set_aside", Cancellation)).Single();
        string[] replay = ["submissions", "replay", $"{id}", "--case", "ENDRING-42"];

        await RenameAsync(site, "something", "oppmote_status");
        var (listed, list) = await site.RunAsync(["submissions", "list", "--state", "setaside"], Cancellation);
        var (replayed, told) = await site.RunAsync(replay, Cancellation);
        await MergedAsync(site, submissions: 1);
        var (again, refused) = await site.RunAsync(replay, Cancellation);

        listed.ShouldBe(0, list);
        list.ShouldContain($"{id}");
        replayed.ShouldBe(0, told);
        again.ShouldBe(1, refused);
        refused.ShouldContain("not set aside");
    }

    [Fact]
    public async Task A_log_that_was_tampered_with_is_told_with_the_entry_and_ends_with_1()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var (intact, before) = await site.RunAsync(["audit", "verify"], Cancellation);
        var chain = (await site.ReadAsync<string>("select min(chain) from audit.entry", Cancellation)).Single();

        await site.AlterAsync(
            $"update audit.entry set purpose = 'noe annet' where chain = '{chain}' and sequence_no = 1", Cancellation);
        var (tampered, after) = await site.RunAsync(["audit", "verify"], Cancellation);

        intact.ShouldBe(0, before);
        tampered.ShouldBe(1, after);
        after.ShouldContain("tampered with");
        after.ShouldContain($"Altered {chain} 1 ");
    }

    private static Task RenameAsync(KildeSite site, string from, string to) =>
        site.AlterAsync($"alter table register.hst_avtale rename column {from} to {to}", Cancellation);

    private static async Task MergedAsync(KildeSite site, int submissions) => await site.WaitForAsync<long>(
        "select count(*) from intake.submission where state = 'merged'", count => count == submissions, Cancellation);

    private static async Task SendAsync(KildeSite site, LocalSender sender, int attendance)
    {
        using var client = site.Connect(sender);
        var message =
            $$$"""
            [{"orgNr":{{{sender.Unit.Number}}},"avtale":[{"avtaleId":"A-1","datoTid":"2026-03-02T10:00:00+01:00",
              "oppmoteStatus":{{{attendance}}},"person":{"personId":"P-1"}}]}]
            """;
        var reply = await client.SendAsync(
            new OutgoingMessage("HST_Avtale", "1", Encoding.UTF8.GetBytes(message), KildeSite.Day), Cancellation);
        reply.Answer.Delivered.ShouldBeTrue(string.Join('\n', reply.Answer.Errors));
    }
}
