using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Kilde.Platform.Keys;
using Kilde.Platform.Keys.Pkcs11;

namespace Kilde.Platform.Tests.Keys;

/// <summary>
/// On Debian's SoftHSM. It looks for tokens once in a process, so they are all made first, and each test takes one.
/// </summary>
public sealed class TokenKeyStoreTests
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    private const string Pin = "123456";
    private const string SettingsVariable = "SOFTHSM2_CONF";
    private const int TokensMax = 8;

    private static readonly Lazy<ConcurrentQueue<string>> Tokens = new(MakeTokens);

    [Fact]
    public void What_is_wrapped_comes_back_also_after_rotation_and_in_another_session()
    {
        var token = NewToken();
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
        var store = Open(NewToken());
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
        var token = NewToken();

        var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Convert.ToHexString(Open(token).Secret("identity")))));

        secrets.Distinct().ShouldHaveSingleItem().Length.ShouldBe(64);
        Convert.ToHexString(Open(token).Secret("identity")).ShouldBe(secrets[0]);
        Convert.ToHexString(Open(token).Secret("audit")).ShouldNotBe(secrets[0]);
        Convert.ToHexString(Open(NewToken()).Secret("identity")).ShouldNotBe(secrets[0]);
    }

    [Fact]
    public void A_signature_fits_its_data_and_purpose()
    {
        var token = NewToken();
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
        var token = NewToken();
        Should.Throw<KeyStoreException>(() => Open("no such token")).Message.ShouldContain("no such token");
        Should.Throw<KeyStoreException>(() => new TokenKeyStore(Module, token, "000000")).Message.ShouldContain("0xA0");
    }

    private static TokenKeyStore Open(string token) => new(Module, token, Pin);

    private static string NewToken()
    {
        Assert.SkipUnless(File.Exists(Module), "There is no SoftHSM: apt-get install softhsm2.");
        return Tokens.Value.TryDequeue(out var token)
            ? token
            : throw new InvalidOperationException("More tokens are needed than were made.");
    }

    private static ConcurrentQueue<string> MakeTokens()
    {
        var folder = Directory.CreateTempSubdirectory("kilde-tokens-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var settings = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {folder}\nobjectstore.backend = file\n");

        // For those we start, and for the library in this process, which reads the environment itself.
        Environment.SetEnvironmentVariable(SettingsVariable, settings);
        SetNativeVariable(SettingsVariable, settings, overwrite: 1).ShouldBe(0);
        return new(Enumerable.Range(1, TokensMax).Select(i => MakeToken($"kilde-{i}")));
    }

    private static string MakeToken(string label)
    {
        using var made = Process.Start(new ProcessStartInfo(
            "softhsm2-util", ["--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", Pin])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = made.StandardError.ReadToEnd();
        made.WaitForExit();
        made.ExitCode.ShouldBe(0, said);
        return label;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetNativeVariable(string name, string value, int overwrite);
}
