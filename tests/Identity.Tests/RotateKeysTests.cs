using Kilde.Testing;
using static Kilde.Identity.Tests.VaultFixture;

namespace Kilde.Identity.Tests;

public class RotateKeysTests(PostgresServer postgres)
{
    [Fact]
    public async Task Everything_is_readable_before_during_and_after_and_ends_under_the_new_key()
    {
        const int count = 2500;
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        var claims = Enumerable.Range(0, count).Select(i => Claim(National(i))).ToArray();
        var persons = await vault.Vault.ResolveAsync(claims, Reporting, Cancellation);
        (await vault.Rotate.StepAsync(Cancellation)).ShouldBeFalse();

        (await vault.Rotate.BeginAsync(StaffCase, Cancellation)).ShouldBe(2);
        (await vault.Rotate.StepAsync(Cancellation)).ShouldBeTrue();
        var late = await vault.ResolveAsync(Claim(National(count)));

        (await vault.ScalarAsync<long>("select count(*) from identity.identifier where data_key_no = 2"))
            .ShouldBe(1001);
        await ShouldRevealAsync();

        while (await vault.Rotate.StepAsync(Cancellation)) { }

        (await vault.ScalarAsync<long>("select count(*) from identity.identifier where data_key_no = 1")).ShouldBe(0);
        await ShouldRevealAsync();
        (await vault.Reveal.HandleAsync([late.PersonKey], StaffCase, Cancellation))
            .ShouldHaveSingleItem().Identifier.ShouldBe(National(count));
        (await vault.LogAsync("identity.reencrypt")).Sum(row => row.Count).ShouldBe(count);
        (await vault.ScalarAsync<string>(
            "select string_agg(distinct key_encryption_key_id, ',') from identity.data_key")).ShouldBe("2");

        async Task ShouldRevealAsync()
        {
            for (var i = 0; i < count; i += 500)
            {
                var revealed = await vault.Reveal.HandleAsync([persons[i].PersonKey], StaffCase, Cancellation);
                revealed.ShouldHaveSingleItem().Identifier.ShouldBe(National(i));
            }
        }
    }

    [Fact]
    public async Task Two_at_it_take_turns_and_neither_ends_before_all_is_done()
    {
        const int count = 2500;
        await using var vault = new VaultFixture(await postgres.NewDatabasesAsync());
        await vault.Vault.ResolveAsync(
            [.. Enumerable.Range(0, count).Select(i => Claim(National(i)))], Reporting, Cancellation);
        await vault.Rotate.BeginAsync(StaffCase, Cancellation);
        (await vault.Rotate.WalkedAsync(Cancellation)).ShouldBe(0);

        async Task<long> WalkAsync()
        {
            while (await vault.Rotate.StepAsync(Cancellation)) { }
            return await vault.ScalarAsync<long>("select count(*) from identity.identifier where data_key_no = 1");
        }

        (await Task.WhenAll(WalkAsync(), WalkAsync(), WalkAsync())).ShouldAllBe(left => left == 0);
        (await vault.Rotate.WalkedAsync(Cancellation)).ShouldBe(long.MaxValue);
    }
}
