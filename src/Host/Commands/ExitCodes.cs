namespace Kilde.Host.Commands;

/// <summary>What a command tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and all is well.</summary>
    public const int Done = 0;

    /// <summary>Done, and something is wrong with what was given: findings, a refusal, a broken chain.</summary>
    public const int Wrong = 1;

    /// <summary>The call or the settings are wrong; nothing was done.</summary>
    public const int WrongCall = 2;

    /// <summary>A failure of ours or of something we stand on.</summary>
    public const int Failed = 3;

    /// <summary>Stopped by Ctrl-C before it was done; what shells use for it.</summary>
    public const int Interrupted = 130;

    /// <summary>Tells what is wrong with the call.</summary>
    public static async Task<int> RefuseAsync(string text)
    {
        await Console.Error.WriteLineAsync(text);
        return WrongCall;
    }
}
