using System.Text;

namespace Kilde.Kernel.Tests;

public class FingerprintTests
{
    // The lower half is XXH64 with seed 0, as its authors and others tell it.
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Is_told_by_XXH64(string text, ulong expected) =>
        unchecked((ulong)Fingerprint.Of(Encoding.UTF8.GetBytes(text))).ShouldBe(expected);

    [Fact]
    public void Both_halves_tell_every_byte()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)(i * 7 % 251)).ToArray();
        var before = Fingerprint.Of(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i]++;
            var after = Fingerprint.Of(bytes);
            bytes[i]--;

            unchecked((ulong)after).ShouldNotBe(unchecked((ulong)before));
            unchecked((ulong)(after >> 64)).ShouldNotBe(unchecked((ulong)(before >> 64)));
            unchecked((ulong)(after ^ before)).ShouldNotBe(unchecked((ulong)((after ^ before) >> 64)));
        }
    }

    [Fact]
    public void Is_the_same_however_the_bytes_come()
    {
        var bytes = Enumerable.Range(0, 300).Select(i => (byte)(i * 7 % 251)).ToArray();
        for (var at = 0; at <= bytes.Length; at++)
        {
            var pieces = new Fingerprint();
            pieces.Append(bytes.AsSpan(0, at));
            _ = pieces.Current;
            pieces.Append(bytes.AsSpan(at));

            pieces.Current.ShouldBe(Fingerprint.Of(bytes));
        }
    }
}
