using System.Security.Cryptography;
using Kilde.Platform.Keys;

namespace Kilde.Platform.Tests.Keys;

public sealed class FileKeyStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kilde-keys-").FullName;

    [Fact]
    public void What_is_wrapped_comes_back_also_after_rotation_and_in_another_process()
    {
        var dataKey = RandomNumberGenerator.GetBytes(32);
        var store = new FileKeyStore(_folder);
        var before = store.Wrap("identity", dataKey);
        store.Rotate("identity");
        var after = store.Wrap("identity", dataKey);

        after.KeyEncryptionKeyId.ShouldNotBe(before.KeyEncryptionKeyId);
        var other = new FileKeyStore(_folder);
        other.Unwrap("identity", before).ShouldBe(dataKey);
        other.Unwrap("identity", after).ShouldBe(dataKey);
    }

    [Fact]
    public void A_wrapped_key_opens_for_its_own_purpose_and_version_only()
    {
        var store = new FileKeyStore(_folder);
        store.Wrap("intake", new byte[32]);
        var wrapped = store.Wrap("identity", RandomNumberGenerator.GetBytes(32));
        store.Rotate("identity");

        Should.Throw<CryptographicException>(() => store.Unwrap("intake", wrapped));
        Should.Throw<CryptographicException>(
            () => store.Unwrap("identity", wrapped with { KeyEncryptionKeyId = "2" }));
        wrapped.Ciphertext[^1] ^= 1;
        Should.Throw<CryptographicException>(() => store.Unwrap("identity", wrapped));
    }

    [Fact]
    public void Files_are_for_the_owner_only_and_others_are_refused()
    {
        var store = new FileKeyStore(_folder);
        store.Secret("identity");
        var file = Path.Combine(_folder, "identity", "secret.key");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Should.Throw<KeyStoreException>(() => new FileKeyStore(_folder).Secret("identity"));

        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        Should.Throw<KeyStoreException>(() => new FileKeyStore(_folder));
    }

    [Fact]
    public async Task Processes_that_make_the_same_key_at_once_end_with_one()
    {
        var secrets = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ =>
            Task.Run(() => Convert.ToHexString(new FileKeyStore(_folder).Secret("identity")))));

        secrets.Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(Path.Combine(_folder, "identity")).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_signature_fits_its_data_and_purpose()
    {
        var store = new FileKeyStore(_folder);
        byte[] data = [1, 2, 3];
        var signature = store.Sign("audit", data);

        new FileKeyStore(_folder).Verify("audit", data, signature).ShouldBeTrue();
        store.Verify("audit", [1, 2, 4], signature).ShouldBeFalse();
        store.Verify("other", data, signature).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
