using System.Security.Cryptography;
using Dapper;
using Kilde.Intake.Slash;
using Kilde.Intake.Slash.Keys;
using Kilde.Platform.Keys;
using Kilde.Testing;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Tests.Slash;

/// <summary>How key pairs follow each other as days go by.</summary>
public sealed class SlashKeyRingTests(PostgresServer postgres) : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("kilde_key_ring_");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_comes_in_time_and_the_old_one_opens_until_it_expires_and_is_then_forgotten()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        var clock = new FixedClock(Start);
        var store = new SlashKeyStore(
            databases.Register, new FileKeyStore(_keys.FullName), Options.Create(new SlashOptions()), clock);
        using var ring = new SlashKeyRing(store, clock);

        var first = await PublishedOnAsync(day: 0);
        var same = await PublishedOnAsync(day: 44);
        var both = await PublishedOnAsync(day: 46);
        var second = await PublishedOnAsync(day: 90.5);
        var old = (await ring.FindAsync(first[0].Id, Cancellation))!;

        first.ShouldHaveSingleItem().ExpiresAt.ShouldBe(Start.AddDays(90));
        same.Select(key => key.Id).ShouldBe([first[0].Id]);
        both.Count.ShouldBe(2);
        both[0].ExpiresAt.ShouldBe(Start.AddDays(46 + 90));
        both[1].Id.ShouldBe(first[0].Id);
        Opens(both[1]).ShouldBeTrue();
        second.ShouldNotContain(key => key.Id == first[0].Id);
        old.ExpiresAt.ShouldBeLessThan(clock.Now);
        await PublishedOnAsync(day: 91.5);
        Opens((await ring.FindAsync(first[0].Id, Cancellation))!).ShouldBeFalse();
        await using var connection = await databases.Register.Source.OpenConnectionAsync(Cancellation);
        (await connection.QueryAsync<string>("select key_id from intake.slash_key where wrapped_private is null"))
            .ShouldBe([first[0].Id]);

        // What the worker does each hour, and then what senders are told.
        async Task<IReadOnlyList<SlashKey>> PublishedOnAsync(double day)
        {
            clock.Now = Start.AddDays(day);
            await ring.MaintainAsync(Cancellation);
            return await ring.PublishedAsync(Cancellation);
        }
    }

    public void Dispose() => _keys.Delete(recursive: true);

    private static bool Opens(SlashKey key)
    {
        using var sender = RSA.Create();
        sender.ImportFromPem(key.PublicPem);
        var wrapped = sender.Encrypt(new byte[32], RSAEncryptionPadding.OaepSHA256);
        return key.TryUnwrap(wrapped, new byte[32], out var bytes) && bytes == 32;
    }
}
