using System.IO.Pipes;
using System.Text;
using Kilde.Host.Composition;

namespace Kilde.EndToEnd.Tests;

/// <summary>What a command fetches is in its file whole, or is not there.</summary>
public sealed class OwnerOnlyFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-files-");

    private string Target => Path.Combine(_folder.FullName, "own.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_interrupted_leaves_nothing_and_what_was_there_stays()
    {
        await Should.ThrowAsync<IOException>(() => WriteAsync(Target, "half", isInterrupted: true));
        _folder.EnumerateFiles().ShouldBeEmpty();

        (await WriteAsync(Target, "whole")).ShouldBe(5);
        await Should.ThrowAsync<IOException>(() => WriteAsync(Target, "half", isInterrupted: true));

        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("whole");
        _folder.EnumerateFiles().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_there_is_replaced_and_only_the_owner_reads_it()
    {
        await File.WriteAllTextAsync(Target, "something longer", TestContext.Current.CancellationToken);

        await WriteAsync(Target, "new");

        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("new");
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_link_still_leads_to_what_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links there need rights.");
        await WriteAsync(Target, "old");
        var link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, Target);

        await WriteAsync(link, "new");

        (await File.ReadAllTextAsync(Target, TestContext.Current.CancellationToken)).ShouldBe("new");
        new FileInfo(link).LinkTarget.ShouldBe(Target);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_or_a_link_to_one_is_written_as_it_is(bool isLink)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such devices.");
        const string device = "/dev/null";
        var link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, device);

        // Asked while it is written: a test that fails must not put a file in the place of the device.
        (await OwnerOnlyFile.WriteWholeAsync(isLink ? link : device, output =>
        {
            Directory.EnumerateFiles("/dev", "null.*.part").ShouldBeEmpty();
            _folder.EnumerateFiles("*.part").ShouldBeEmpty();
            return output.WriteAsync("gone"u8.ToArray(), TestContext.Current.CancellationToken).AsTask();
        })).ShouldBeNull();

        new FileInfo(link).LinkTarget.ShouldBe(device);
    }

    [Fact]
    public async Task A_pipe_is_written_as_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes there have no such path.");
        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        var path = $"/dev/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        (await WriteAsync(path, "whole")).ShouldBeNull();

        pipe.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(pipe);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("whole");
    }

    private static Task<long?> WriteAsync(string file, string text, bool isInterrupted = false) =>
        OwnerOnlyFile.WriteWholeAsync(file, async output =>
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
            await output.FlushAsync(TestContext.Current.CancellationToken);
            if (isInterrupted) throw new IOException("The connection was broken.");
        });
}
