//! The `demarche` program: everything is in the library's `cli` module.

fn main() -> std::process::ExitCode {
    demarche::cli::main()
}
