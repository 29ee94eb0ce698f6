using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Slash.Client;
using Kilde.Testing;

namespace Kilde.EndToEnd.Tests;

/// <summary>Where the node's keys and the vault's are on tokens behind PKCS#11, and none in files.</summary>
public sealed class KeyTokenTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_opened_sealed_signed_for_and_given_back_by_keys_that_are_on_tokens()
    {
        await using var site = await KildeSite.StartAsync(
            Cancellation, SettingsOf("KeyToken").Concat(SettingsOf("VaultKeyToken")).ToDictionary());
        var sent = site.Norway.MessagesOf(KildeSite.Day).First(message => message.IsSound);
        var sender = site.Senders.Single(one => one.Unit.Number == sent.Unit.Number);

        using (var client = site.Connect(sender))
        {
            (await client.SendAsync(
                new OutgoingMessage(sent.Type, sent.Version, sent.Json, sent.Day), Cancellation))
                .Answer.Delivered.ShouldBeTrue(site.Server.Output);
        }

        await site.WaitForAsync<long>(
            "select count(*) from intake.submission where state = 'merged'", merged => merged == 1, Cancellation);
        var own = Path.Combine(site.Folder, "own.jsonl");
        var (ended, told) = await site.RunAsync(
            ["return", "--sender", $"{sender.Unit.Number}", "--out", own], Cancellation);
        ended.ShouldBe(0, told);
        (await File.ReadAllLinesAsync(own, Cancellation)).Length.ShouldBe(sent.Records);
        (await File.ReadAllTextAsync(own, Cancellation)).ShouldContain("\"nummer\"");
        (ended, told) = await site.RunAsync(["audit", "verify"], Cancellation);
        ended.ShouldBe(0, told);
        Directory.Exists(Path.Combine(site.Folder, "keys")).ShouldBeFalse();
        Directory.Exists(Path.Combine(site.Folder, "vault-keys")).ShouldBeFalse();
    }

    private static Dictionary<string, string> SettingsOf(string token) => new()
    {
        [$"Platform:{token}:Module"] = SoftTokens.Module,
        [$"Platform:{token}:Label"] = SoftTokens.Take(),
        [$"Platform:{token}:Pin"] = SoftTokens.Pin,
    };
}
