using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kilde.Platform.Development;

/// <summary>The organisations HelseID would put in a machine's token.</summary>
/// <param name="Parent">Reporting unit; null for a multi-tenant vendor that names it in each assertion.</param>
/// <param name="Child">Sub-unit.</param>
/// <param name="Supplier">The vendor that sends for the unit.</param>
public sealed record TestOrganization(string? Parent, string? Child = null, string? Supplier = null);

/// <summary>A machine client: an EHR installation, or a vendor's server that sends for many (multi-tenant).</summary>
/// <param name="PublicKey">The client's public JWK.</param>
public sealed record TestMachine(
    string ClientId, JsonObject PublicKey, TestOrganization Organization, bool MultiTenant = false);

/// <summary>A web application where people sign in. Without secret and key it is a public client (PKCE only).</summary>
public sealed record TestPortal(
    string ClientId, IReadOnlyList<string> RedirectUris, IReadOnlyList<string>? PostLogoutRedirectUris = null,
    string? Secret = null, JsonObject? PublicKey = null);

/// <summary>A made-up person to sign in as.</summary>
/// <param name="Claims">What the ID token says beside <c>sub</c> and <c>name</c>: <c>role</c>, <c>unit</c>.</param>
public sealed record TestUser(string Id, string Name, string Description, IReadOnlyDictionary<string, string> Claims);

/// <summary>What the test identity provider knows from the start.</summary>
/// <param name="Port">0 takes a free port.</param>
public sealed record TestIdentitySetup(
    IReadOnlyList<TestMachine> Machines, IReadOnlyList<TestPortal> Portals, IReadOnlyList<TestUser> Users,
    int Port = 0, string Audience = "kilde:intake", int AccessTokenSeconds = 600);

/// <summary>
/// Runs the test identity provider of <c>tools/identity-provider</c> on 127.0.0.1: HelseID's twin for development,
/// tests and benchmarks. It ends with us, however we end, because its standard input closes then.
/// </summary>
public sealed class TestIdentityProvider : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Process _process;
    private readonly string _configurationPath;
    private readonly Lock _writing = new();
    private TestIdentitySetup _setup;

    private TestIdentityProvider(Process process, string configurationPath, TestIdentitySetup setup, string issuer)
    {
        _process = process;
        _configurationPath = configurationPath;
        _setup = setup;
        Issuer = issuer;
    }

    /// <summary>Issuer of the tokens, and root of discovery: <c>http://127.0.0.1:port</c>.</summary>
    public string Issuer { get; }

    /// <param name="toolsFolder">The checkout's <c>tools</c>, with its packages installed by <c>npm ci</c>.</param>
    /// <exception cref="InvalidOperationException">Node is missing, or the provider did not start.</exception>
    public static async Task<TestIdentityProvider> StartAsync(
        TestIdentitySetup setup, string toolsFolder, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("kilde-identity-");
        var configurationPath = Path.Combine(folder.FullName, "setup.json");
        Write(setup, configurationPath);

        var process = Process.Start(new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(toolsFolder, "identity-provider", "main.js"), configurationPath },
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("Node could not be started.");

        var errors = new Queue<string>();
        process.ErrorDataReceived += (_, line) => Remember(errors, line.Data);
        process.BeginErrorReadLine();
        try
        {
            var issuer = await ReadIssuerAsync(process, cancellation).WaitAsync(StartTimeout, cancellation);
            if (issuer is not null) return new TestIdentityProvider(process, configurationPath, setup, issuer);
            throw new InvalidOperationException(
                $"The test identity provider did not start: {string.Join(Environment.NewLine, errors)}");
        }
        catch
        {
            await EndAsync(process, configurationPath);
            throw;
        }
    }

    /// <summary>Lets another machine client in; the provider sees it at its first token request.</summary>
    public void Add(TestMachine machine) => Change(setup => setup with { Machines = [.. setup.Machines, machine] });

    /// <summary>Lets another web application in.</summary>
    public void Add(TestPortal portal) => Change(setup => setup with { Portals = [.. setup.Portals, portal] });

    public ValueTask DisposeAsync() => EndAsync(_process, _configurationPath);

    private static async ValueTask EndAsync(Process process, string configurationPath)
    {
        using (process)
        {
            process.StandardInput.Close();
            using var limit = new CancellationTokenSource(StopTimeout);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        Directory.Delete(Path.GetDirectoryName(configurationPath)!, recursive: true);
    }

    private void Change(Func<TestIdentitySetup, TestIdentitySetup> change)
    {
        lock (_writing)
        {
            _setup = change(_setup);
            Write(_setup, _configurationPath);
        }
    }

    private static async Task<string?> ReadIssuerAsync(Process process, CancellationToken cancellation)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith("{\"ready\"", StringComparison.Ordinal)) continue;
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return JsonNode.Parse(line)!["issuer"]!.GetValue<string>();
        }
        return null;
    }

    private static void Remember(Queue<string> errors, string? line)
    {
        if (line is null) return;
        lock (errors)
        {
            errors.Enqueue(line);
            if (errors.Count > 20) errors.Dequeue();
        }
    }

    // Written beside and moved over, so that the provider never reads half a file.
    private static void Write(TestIdentitySetup setup, string path)
    {
        var content = new
        {
            setup.Port, setup.Audience, setup.AccessTokenSeconds,
            Machines = setup.Machines.Select(machine => new
            {
                machine.ClientId, Jwks = KeySet(machine.PublicKey), machine.Organization, machine.MultiTenant,
            }),
            Portals = setup.Portals.Select(portal => new
            {
                portal.ClientId, portal.RedirectUris, portal.PostLogoutRedirectUris, portal.Secret,
                Jwks = KeySet(portal.PublicKey),
            }),
            setup.Users,
        };
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(content, Json));
        File.Move(path + ".new", path, overwrite: true);
    }

    private static JsonObject? KeySet(JsonObject? key) =>
        key is null ? null : new JsonObject { ["keys"] = new JsonArray(key.DeepClone()) };
}
