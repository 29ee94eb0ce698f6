using Kilde.EndToEnd.Tests.Kit;
using Kilde.Host.Composition;
using Kilde.Identity;
using Kilde.Intake.Slash.Client;
using Kilde.Platform.Development;
using Kilde.Quality.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kilde.EndToEnd.Tests;

/// <summary>A node that faces the internet, and what it and the register's role have no way to.</summary>
public class IntakeNodeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_without_the_vaults_login_and_keys_receives_and_can_reveal_nobody()
    {
        await using var site = await KildeSite.StartAsync(Cancellation);
        var url = $"http://127.0.0.1:{LocalPort.Free()}";
        await using var node = await site.StartIntakeNodeAsync(url, Cancellation);
        var message = site.Norway.MessagesOf(KildeSite.Day).First(one => one.IsSound);
        var sender = site.Senders.Single(one => one.Unit.Number == message.Unit.Number);

        using var client = site.Connect(sender, url);
        var reply = await client.SendAsync(
            new OutgoingMessage(message.Type, message.Version, message.Json, message.Day), Cancellation);

        reply.Answer.Delivered.ShouldBeTrue(node.Output);
        await site.WaitForAsync<long>(
            "select count(*) from intake.submission where state = 'merged'", merged => merged == 1, Cancellation);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(site.IntakeSettings!).Build();
        await using var services = KildeApplication.CreateServices(settings);
        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<RevealPersons>());
        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<IdentityVault>());
        Should.Throw<InvalidOperationException>(() => services.GetRequiredService<Sealing>());
        Directory.GetDirectories(Path.Combine(site.Folder, "keys")).Select(Path.GetFileName)
            .ShouldBe(["audit", "cookies", "intake", "intake-rsa"], ignoreOrder: true);
        Directory.GetDirectories(Path.Combine(site.Folder, "vault-keys")).Select(Path.GetFileName)
            .ShouldBe(["identity", "quality"], ignoreOrder: true);
        await CannotReachEachOtherAsync(site.RegisterLogin, site.IdentityLogin);
    }

    private static async Task CannotReachEachOtherAsync(string registerLogin, string identityLogin)
    {
        var register = new NpgsqlConnectionStringBuilder(registerLogin);
        var vault = new NpgsqlConnectionStringBuilder(identityLogin);
        (register.Database, vault.Database) = (vault.Database, register.Database);
        await RefusesAsync(register);
        await RefusesAsync(vault);
    }

    private static async Task RefusesAsync(NpgsqlConnectionStringBuilder login)
    {
        login.Pooling = false;
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        var refusal = await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}
