using Kilde.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>Whom staff contact, and what they do about it.</summary>
[Collection(nameof(PortalSite))]
public class CallTests(PortalSite site)
{
    private static readonly string Page = $"/oppfolging/kontakt/{SyntheticDay.OwnUnit}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_take_a_late_sender_say_what_was_agreed_and_are_done_with_it()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);
        (await client.GetStringAsync("/oppfolging/kontakt?grunn=Late", Cancellation)).ShouldContain(Page);
        (await client.GetStringAsync(Page, Cancellation)).ShouldContain("Pia Produksjon");

        (await ActAsync(client, "Taken", "")).ShouldContain("Randi Registersen følger det opp.");
        (await ActAsync(client, "Noted", "")).ShouldContain("Skriv et notat.");
        (await ActAsync(client, "Noted", "Sender på fredag")).ShouldContain("«Sender på fredag»");
        (await client.GetStringAsync("/oppfolging/kontakt?hvem=meg", Cancellation)).ShouldContain(Page);
        (await ActAsync(client, "Done", "")).ShouldContain("Det er gjort.");

        (await client.GetStringAsync("/oppfolging/kontakt?grunn=Late", Cancellation)).ShouldNotContain(Page);
        (await client.GetStringAsync("/oppfolging/kontakt?grunn=Late&stand=gjort", Cancellation)).ShouldContain(Page);
        (await ActAsync(client, "Undone", "Kom likevel ikke")).ShouldContain("Åpnet igjen: Sen");
        await ActAsync(client, "Released", "");
        (await ActionsAsync()).ShouldBe(
            [
                "contacts.read", "follow_up.taken", "follow_up.noted", "follow_up.done", "follow_up.undone",
                "follow_up.released",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_note_with_a_persons_number_is_refused()
    {
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var html = await ActAsync(client, "Noted", "Gjelder 41819099934");

        html.ShouldContain("Skriv aldri noe om en person.");
        html.ShouldNotContain("«Gjelder");
    }

    private async Task<IEnumerable<string>> ActionsAsync()
    {
        var store = site.Services.GetServices<AuditStore>().First(log => log.Name == AuditStore.Register);
        var rows = await SearchLog.HandleAsync(
            store, new LogQuery(ActorId: PortalSite.StaffId, Limit: 500), Cancellation);
        return rows.Select(row => row.Action).Distinct().Where(action =>
            action == "contacts.read" || action.StartsWith("follow_up.", StringComparison.Ordinal));
    }

    private static Task<string> ActAsync(HttpClient client, string kind, string note) =>
        PageForm.SendAsync(client, Page, "act-Late", [new("hva", kind), new("notat", note)]);
}
