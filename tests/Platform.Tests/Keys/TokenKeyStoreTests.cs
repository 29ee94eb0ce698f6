using System.Security.Cryptography;
using Kilde.Platform.Keys;
using Kilde.Platform.Keys.Pkcs11;
using Kilde.Testing;

namespace Kilde.Platform.Tests.Keys;

/// <summary>On Debian's SoftHSM.</summary>
public sealed class TokenKeyStoreTests
{
    [Fact]
    public void What_is_wrapped_comes_back_also_after_rotation_and_in_another_session()
    {
        var token = SoftTokens.Take();
        var dataKey = RandomNumberGenerator.GetBytes(32);
        var store = Open(token);
        var before = store.Wrap("identity", dataKey);
        store.Rotate("identity");
        var after = store.Wrap("identity", dataKey);

        after.KeyEncryptionKeyId.ShouldNotBe(before.KeyEncryptionKeyId);
        var other = Open(token);
        other.Unwrap("identity", before).ShouldBe(dataKey);
        other.Unwrap("identity", after).ShouldBe(dataKey);
        store.Unwrap("intake-rsa", store.Wrap("intake-rsa", new byte[1_700])).Length.ShouldBe(1_700);
    }

    [Fact]
    public void A_wrapped_key_opens_for_its_own_purpose_and_version_only()
    {
        var store = Open(SoftTokens.Take());
        store.Wrap("intake", new byte[32]);
        var wrapped = store.Wrap("identity", RandomNumberGenerator.GetBytes(32));
        store.Rotate("identity");

        Should.Throw<CryptographicException>(() => store.Unwrap("intake", wrapped));
        Should.Throw<CryptographicException>(
            () => store.Unwrap("identity", wrapped with { KeyEncryptionKeyId = "2" }));
        Should.Throw<KeyStoreException>(() => store.Unwrap("identity", wrapped with { KeyEncryptionKeyId = "3" }));
        wrapped.Ciphertext[^1] ^= 1;
        Should.Throw<CryptographicException>(() => store.Unwrap("identity", wrapped));
    }

    [Fact]
    public async Task Sessions_that_ask_for_the_same_secret_at_once_get_one_that_stays()
    {
        var token = SoftTokens.Take();

        var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Convert.ToHexString(Open(token).Secret("identity")))));

        secrets.Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
        Convert.ToHexString(Open(token).Secret("identity")).ShouldBe(secrets[0]);
        Convert.ToHexString(Open(token).Secret("audit")).ShouldNotBe(secrets[0]);
        Convert.ToHexString(Open(SoftTokens.Take()).Secret("identity")).ShouldNotBe(secrets[0]);
    }

    [Fact]
    public void A_signature_fits_its_data_and_purpose()
    {
        var token = SoftTokens.Take();
        var store = Open(token);
        byte[] data = [1, 2, 3];
        var signature = store.Sign("audit", data);

        Open(token).Verify("audit", data, signature).ShouldBeTrue();
        store.Verify("audit", [1, 2, 4], signature).ShouldBeFalse();
        store.Verify("audit", data, signature.AsSpan(1)).ShouldBeFalse();
        store.Verify("other", data, signature).ShouldBeFalse();
    }

    [Fact]
    public void A_token_that_is_not_there_and_a_wrong_pin_are_told()
    {
        var token = SoftTokens.Take();
        Should.Throw<KeyStoreException>(() => Open("no such token")).Message.ShouldContain("no such token");
        Should.Throw<KeyStoreException>(() => new TokenKeyStore(SoftTokens.Module, token, "000000"))
            .Message.ShouldContain("0xA0");
    }

    private static TokenKeyStore Open(string token) => new(SoftTokens.Module, token, SoftTokens.Pin);
}
