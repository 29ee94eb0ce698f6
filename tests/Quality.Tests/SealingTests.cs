using System.Security.Cryptography;
using ICSharpCode.SharpZipLib.Zip;
using Kilde.Platform.Keys;
using Kilde.Quality.Sending;

namespace Kilde.Quality.Tests;

public sealed class SealingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-sealing-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_sealed_opens_as_it_was_for_its_own_row_alone()
    {
        var sealing = new Sealing(new FileKeyStore(_folder.FullName));
        var row = Guid.CreateVersion7();

        var box = sealing.Seal("k7mf-q2xw", row);

        sealing.OpenText(box, row).ShouldBe("k7mf-q2xw");
        Should.Throw<CryptographicException>(() => sealing.Open(box, Guid.CreateVersion7()));
        box[^1] ^= 1;
        Should.Throw<CryptographicException>(() => sealing.Open(box, row));
    }

    [Fact]
    public void It_still_opens_after_the_key_was_rotated()
    {
        var keys = new FileKeyStore(_folder.FullName);
        var sealing = new Sealing(keys);
        var row = Guid.CreateVersion7();
        var box = sealing.Seal("før", row);

        keys.Rotate("quality");

        sealing.OpenText(box, row).ShouldBe("før");
    }

    [Fact]
    public void A_zip_is_AES_256_and_opens_with_its_password_only()
    {
        var zip = ProtectedZip.Write("NPR_ERR.html", "innhold"u8.ToArray(), "k7mf-q2xw", Cases.Received);

        zip.AsSpan().IndexOf("innhold"u8).ShouldBe(-1);
        using var right = new ZipFile(new MemoryStream(zip)) { Password = "k7mf-q2xw" };
        right[0].AESKeySize.ShouldBe(256);
        using var reader = new StreamReader(right.GetInputStream(right[0]));
        reader.ReadToEnd().ShouldBe("innhold");
        using var wrong = new ZipFile(new MemoryStream(zip)) { Password = "feil" };
        Should.Throw<ZipException>(() => wrong.GetInputStream(wrong[0]));
    }

    [Fact]
    public void Passwords_differ_and_can_be_read_aloud()
    {
        var made = Enumerable.Range(0, 200).Select(_ => NewPassword.Make()).ToList();

        made.Distinct().Count().ShouldBe(200);
        made.ShouldAllBe(password => password.Length == 19 && !password.Any(c => "01ilo".Contains(c)));
    }
}
